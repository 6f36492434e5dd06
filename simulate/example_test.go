package simulate_test

import (
	"cmp"
	"fmt"

	"github.com/itsmkit/itsm/simulate"
)

// A case is a small story.
func ExampleYear() {
	cases, err := simulate.Year(simulate.Options{Seed: 1, Incidents: 100})
	if err != nil {
		fmt.Println(err)
		return
	}
	c := cases[64]
	fmt.Printf("%s: %s (%s)\n", c.Caller, c.Title, c.Service)
	for _, s := range c.Steps {
		fmt.Println(s.At.Format("Mon 2 Jan 15:04"), s.Kind, "-", cmp.Or(s.Text, s.Group))
	}
	// Output:
	// Emeka Meyer: Mobile phone does not get mail (Mobile Devices)
	// Mon 22 Sep 16:26 assign - Service Desk Plants
	// Mon 22 Sep 16:56 hold - Please send the version that the phone shows under settings.
	// Tue 23 Sep 08:01 comment - Tried to reach you by phone.
	// Tue 23 Sep 12:04 comment - Left a message on your mobile phone.
	// Tue 23 Sep 15:28 comment - Reminder: please answer.
	// Tue 23 Sep 15:28 assign - Checked the usual points without success.
	// Tue 23 Sep 16:51 comment - Left a message on your mobile phone.
	// Wed 24 Sep 08:51 resolve - Mail in the phone's browser.
	// Mon 29 Sep 09:47 close - Closed five days after the resolution.
}

// The figures of a year can be checked against those of the real desk behind it.
func ExampleCompare() {
	cases, err := simulate.Year(simulate.Options{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range simulate.Compare(cases) {
		if p.Name == "reassignments" {
			fmt.Printf("%-9s  measured %.4f  simulated %.4f\n", p.Class, p.Measured, p.Simulated)
		}
	}
	// Output:
	// 0          measured 0.4940  simulated 0.4940
	// 1          measured 0.2708  simulated 0.2707
	// 2          measured 0.0993  simulated 0.0993
	// 3          measured 0.0581  simulated 0.0580
	// 4          measured 0.0330  simulated 0.0331
	// 5 or more  measured 0.0448  simulated 0.0449
}

func ExampleOptionError() {
	_, err := simulate.Year(simulate.Options{Days: -1})
	fmt.Println(err)
	// Output: simulate: Options.Days is -1; allowed: 1 to 3660, or 0 for 365
}
