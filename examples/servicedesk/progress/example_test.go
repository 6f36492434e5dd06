package progress_test

import (
	"os"

	"github.com/itsmkit/itsm/examples/servicedesk/progress"
)

// Where the output is not a terminal, as in a test or a pipe, a bar is silent.
func ExampleBar() {
	bar := progress.New(os.Stdout, "Reading the log")
	for done := int64(0); done <= 100; done++ {
		bar.Set(done, 100)
	}
	bar.Done(true)
	// Output:
}
