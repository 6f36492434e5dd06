package sla_test

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/lifecycle"
	"github.com/itsmkit/itsm/sla"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
)

// Repair is a host's own record: the guide in docs/sla.md puts clocks on it.
type Repair struct {
	itsm.Header
	Device string `json:"device"`
	Urgent bool   `json:"urgent,omitempty"`
}

// The actions of a repair.
type (
	TakeIn struct {
		Device string `json:"device"`
		Urgent bool   `json:"urgent,omitempty"`
	}
	WaitForPart struct{}
	PartCame    struct{}
	HandBack    struct{}
)

func (TakeIn) Name() string      { return "take_in" }
func (WaitForPart) Name() string { return "wait_for_part" }
func (PartCame) Name() string    { return "part_came" }
func (HandBack) Name() string    { return "hand_back" }

func (a TakeIn) Apply(r *Repair, _ itsm.Moment) error {
	r.Device, r.Urgent = a.Device, a.Urgent
	return nil
}
func (WaitForPart) Apply(*Repair, itsm.Moment) error { return nil }
func (PartCame) Apply(*Repair, itsm.Moment) error    { return nil }
func (HandBack) Apply(*Repair, itsm.Moment) error    { return nil }

func repairs() *itsm.Kind[Repair] {
	table, err := lifecycle.New([]lifecycle.Rule{
		{On: "take_in", From: []lifecycle.State{""}, To: "open"},
		{On: "wait_for_part", From: []lifecycle.State{"open"}, To: "waiting"},
		{On: "part_came", From: []lifecycle.State{"waiting"}, To: "open"},
		{On: "hand_back", From: []lifecycle.State{"open"}, To: "done"},
	}, "done")
	if err != nil {
		panic(err)
	}
	k, err := itsm.NewKind("repair", itsm.Declaration[Repair]{Lifecycle: table, Number: itsm.Numbering{Prefix: "REP"},
		Actions: []itsm.Offer[Repair]{itsm.Do(TakeIn{}), itsm.Do(WaitForPart{}), itsm.Do(PartCame{}), itsm.Do(HandBack{})}})
	if err != nil {
		panic(err)
	}
	return k
}

// Clocks on a host's own kind, from nothing.
func Example() {
	now := time.Date(2026, 11, 24, 15, 0, 0, 0, time.UTC) // a Tuesday
	wall := func() time.Time { return now }
	store := memory.New()
	ctx := itsm.System(context.Background(), "acme")

	// What is promised: a repair takes 8 working hours, 2 if it is urgent, without the time for which a part is waited for.
	hours, err := sla.HoursOf(calendar.Definition{Zone: "UTC", Hours: calendar.Hours{}.Add("09:00", "17:00", calendar.Weekdays...)})
	check(err)
	rules, err := sla.Compile(sla.Terms{
		Subjects: []sla.Subject{{Kind: "repair"}},
		Agreements: []sla.Agreement{{Title: "Repairs", Type: sla.SLA, Edition: 1, Kind: "repair",
			Calendars: []sla.Calendar{{Name: "shop", Hours: hours}},
			Targets: []sla.Target{{Name: "repaired",
				Start: sla.Is("state", "open"), Pause: sla.Is("state", "waiting"), Stop: sla.Is("state", "done"),
				Amounts: []sla.Amount{
					{When: sla.Is("urgent", true), Working: itsm.Duration(2 * time.Hour)},
					{Working: itsm.Duration(8 * time.Hour)},
				},
				Thresholds: []sla.Threshold{{Name: "half", Percent: 50}},
			}},
		}},
	})
	check(err)

	// The desks of repairs and of clocks, and the tracker between them.
	kind := repairs()
	desk, err := itsm.NewDesk(kind, itsm.Config[Repair]{Repository: memory.For(store, kind), Policy: itsm.AllowAll, Clock: wall})
	check(err)
	clocks, err := itsm.NewDesk(sla.ClockKind(), itsm.Config[sla.Clock]{Repository: memory.For(store, sla.ClockKind()), Policy: itsm.AllowAll, Clock: wall})
	check(err)
	tracker, err := sla.NewTracker(clocks, store, rules)
	check(err)
	relay := itsm.NewRelay(store)

	repair, err := desk.Open(ctx, TakeIn{Device: "phone"})
	check(err)
	check(relay.Run(ctx, tracker)) // follow what happened
	next, err := tracker.Next(ctx)
	check(err)
	fmt.Println("look again at", next.Format("Mon 15:04"))

	now = now.Add(24 * time.Hour)
	_, err = tracker.Sweep(ctx, now) // note what came due
	check(err)
	_, err = desk.Do(ctx, repair.ID, HandBack{})
	check(err)
	check(relay.Run(ctx, tracker))

	page, err := clocks.Find(ctx, itsm.Where(sla.ByRecord.Is(repair.Ref("repair"))), itsm.PageRequest{})
	check(err)
	account, err := rules.Explain(page.Items[0], now)
	check(err)
	fmt.Print(account)
	// Output:
	// look again at Wed 11:00
	// repaired of REP0000001 under Repairs: met, PT8H of PT8H
	// Tue 2026-11-24 15:00:00  Tue 2026-11-24 17:00:00  open  PT2H
	// Tue 2026-11-24 17:00:00  Wed 2026-11-25 00:00:00  closed
	// Wed 2026-11-25 00:00:00  Wed 2026-11-25 09:00:00  closed
	// Wed 2026-11-25 09:00:00  Wed 2026-11-25 15:00:00  open  PT6H
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// The code blocks of docs/sla.md stand in this file.
func TestGuideIsTheExample(t *testing.T) {
	guide, err := os.ReadFile("../docs/sla.md")
	require.NoError(t, err)
	here, err := os.ReadFile("example_guide_test.go")
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(guide), -1)
	require.NotEmpty(t, blocks)
	lines := 0
	for _, b := range blocks {
		require.Contains(t, oneLine(string(here)), oneLine(b[1]))
		lines += len(strings.Split(strings.TrimSpace(b[1]), "\n"))
	}
	require.LessOrEqual(t, lines, 60)
}

// oneLine drops the indentation.
func oneLine(code string) string { return strings.Join(strings.Fields(code), " ") }
