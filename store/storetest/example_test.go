package storetest_test

import (
	"context"
	"fmt"

	"github.com/itsmkit/itsm/store/memory"
	"github.com/itsmkit/itsm/store/storetest"
)

// A check is a value: it can be run without package testing, against a fresh store. In a test, [storetest.Run]
// runs all of them.
func ExampleChecks() {
	for _, c := range storetest.Checks()[:3] {
		s := memory.New()
		err := c.Run(context.Background(), storetest.Harness{
			Things: memory.For(s, storetest.Things()), Others: memory.For(s, storetest.Others()), Saver: s, Transactor: s,
		})
		fmt.Println(c.Name, err)
	}
	// Output:
	// save/open <nil>
	// save/get <nil>
	// save/versions <nil>
}

// What a store fails with is the first difference.
func ExampleDifference() {
	want := storetest.Content{Title: "Mail is down", Tags: []string{"mail", "urgent"}}
	got := storetest.Content{Title: "Mail is down", Tags: []string{"mail"}}
	fmt.Println(storetest.Difference(want, got))
	// Output: tags[1]: wanted "urgent", got the end: 1 items instead of 2
}
