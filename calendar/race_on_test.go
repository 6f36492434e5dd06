//go:build race

package calendar

const raceDetector = true
