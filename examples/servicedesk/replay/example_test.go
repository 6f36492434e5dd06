package replay_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/examples/servicedesk/replay"
	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
)

// Three rows of one case: opened, taken up, resolved by somebody else.
func ExampleRun() {
	ctx := context.Background()
	text := table("", "incident_state=Active;assigned_to=Resolver 1;sys_updated_at=1/3/2016 10:00",
		"incident_state=Resolved;sys_updated_at=1/3/2016 11:30;resolved_at=1/3/2016 11:30")
	log, err := snlog.NewReader("log.csv", strings.NewReader(text), false)
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := replay.Run(ctx, log, replay.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := result.Report(ctx, casebook.Heading{History: "INC1"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range r.History.Events {
		fmt.Println(e.Time.Format("15:04"), e.Actor, "-", e.Action, "-", e.To)
	}
	// Output:
	// 09:00 Opened by 1 - report - new
	// 10:00 Updated by 1 - assign - new
	// 10:00 Updated by 1 - start - in_progress
	// 11:30 Resolved by 1 - resolve - resolved
}
