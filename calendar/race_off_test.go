//go:build !race

package calendar

const raceDetector = false
