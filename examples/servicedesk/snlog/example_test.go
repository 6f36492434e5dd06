package snlog_test

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
)

// A log is read row by row until io.EOF.
func Example() {
	text := strings.Join(snlog.Columns(), ",") + "\n" + firstRow + "\n"
	log, err := snlog.NewReader("log.csv", strings.NewReader(text), false)
	if err != nil {
		fmt.Println(err)
		return
	}
	for {
		row, err := log.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("line %d: %s %s on %s\n", log.Line(), row.Number, row.State, row.SysUpdatedAt.Format("2006-01-02 15:04"))
	}
	// Output: line 2: INC0000045 New on 2016-02-29 01:23
}

// A fault names file, row and column.
func ExampleError() {
	text := strings.Join(snlog.Columns(), ",") + "\n" + strings.Replace(firstRow, "29/2/2016", "31/2/2016", 1) + "\n"
	log, err := snlog.NewReader("log.csv", strings.NewReader(text), false)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = log.Next()
	fmt.Println(err)
	// Output: log.csv: row 2, column opened_at: "31/2/2016 01:16" is not a date (want d/m/yyyy hh:mm)
}
