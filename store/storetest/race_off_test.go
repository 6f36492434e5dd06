//go:build !race

package storetest_test

// raced tells that the race detector watches.
const raced = false
