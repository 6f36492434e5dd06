package replay_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/casebook"
	"github.com/itsmkit/itsm/examples/servicedesk/replay"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
	"github.com/itsmkit/itsm/examples/servicedesk/snlog"
	"github.com/itsmkit/itsm/incident"
)

// first is what a row holds where a test does not say otherwise.
var first = map[string]string{
	"number": "INC1", "incident_state": "New", "active": "true", "reassignment_count": "0", "reopen_count": "0",
	"sys_mod_count": "0", "made_sla": "true", "caller_id": "Caller 1", "opened_by": "Opened by 1",
	"opened_at": "1/3/2016 09:00", "sys_created_by": "Created by 1", "sys_created_at": "1/3/2016 09:05",
	"sys_updated_by": "Updated by 1", "sys_updated_at": "1/3/2016 09:10", "contact_type": "Phone",
	"location": "Location 1", "category": "Category 1", "subcategory": "Subcategory 1", "impact": "2 - Medium",
	"urgency": "2 - Medium", "priority": "3 - Moderate", "assignment_group": "Group 1", "knowledge": "false",
	"u_priority_confirmation": "false", "notify": "Do Not Notify", "closed_code": "code 6",
	"resolved_by": "Resolved by 1", "resolved_at": "?", "closed_at": "9/3/2016 09:00",
}

// table writes a log of which each row is the one before with some changes: "incident_state=Active;…".
func table(rows ...string) string {
	lines := []string{strings.Join(snlog.Columns(), ",")}
	now := map[string]string{}
	for k, v := range first {
		now[k] = v
	}
	for _, row := range rows {
		for _, change := range strings.Split(row, ";") {
			if name, value, ok := strings.Cut(change, "="); ok {
				now[name] = value
			}
		}
		var cells []string
		for _, c := range snlog.Columns() {
			if now[c] == "" {
				cells = append(cells, "?")
				continue
			}
			cells = append(cells, now[c])
		}
		lines = append(lines, strings.Join(cells, ","))
	}
	return strings.Join(lines, "\n") + "\n"
}

func runTable(t testing.TB, rows ...string) *replay.Result {
	t.Helper()
	log, err := snlog.NewReader("log.csv", strings.NewReader(table(rows...)), false)
	require.NoError(t, err)
	result, err := replay.Run(context.Background(), log, replay.Options{})
	require.NoError(t, err)
	require.Equal(t, len(rows), result.Rows)
	return result
}

// told returns the only incident of a result and its actions: "hold by Updated by 1 on 1 10:00".
func told(t testing.TB, r *replay.Result) (incident.Incident, []string) {
	t.Helper()
	ctx := casebook.System(context.Background())
	require.Len(t, r.Book.Cases, 1)
	rec, err := r.Book.Desk.Get(ctx, r.Book.Cases[0].ID)
	require.NoError(t, err)
	page, err := r.Book.Desk.History(ctx, rec.ID, itsm.PageRequest{Limit: itsm.MaxPage})
	require.NoError(t, err)
	var lines []string
	for _, e := range page.Items {
		lines = append(lines, e.Action+" by "+e.Actor.ID+" on "+e.Time.Format("2 15:04"))
	}
	return rec, lines
}

// The expected actions follow from the rules in the package comment.
func TestRowsBecomeActions(t *testing.T) {
	for _, tt := range []struct {
		name string
		rows []string
		want []string // after the opening
	}{
		{"nothing happens", []string{"", "sys_mod_count=1;sys_updated_at=1/3/2016 10:00"}, nil},
		{"begins in progress", []string{"incident_state=Active"}, []string{"start by Updated by 1 on 1 09:10"}},
		{"begins on hold", []string{"incident_state=Awaiting Vendor"}, []string{"hold by Updated by 1 on 1 09:10"}},
		{"begins resolved", []string{"incident_state=Resolved;resolved_at=1/3/2016 09:08"}, []string{"resolve by Resolved by 1 on 1 09:08"}},
		{"begins closed", []string{"incident_state=Closed;resolved_at=1/3/2016 09:05;closed_at=1/3/2016 09:10"},
			[]string{"resolve by Resolved by 1 on 1 09:05", "close by Updated by 1 on 1 09:10"}},
		{"the unknown state changes nothing", []string{"incident_state=-100", "incident_state=Active", "incident_state=-100;category=Category 2"},
			[]string{"start by Updated by 1 on 1 09:10", "categorise by Updated by 1 on 1 09:10"}},
		{"to another reason and back", []string{"incident_state=Active", "incident_state=Awaiting User Info", "incident_state=Awaiting Evidence", "incident_state=Active"},
			[]string{"start by Updated by 1 on 1 09:10", "hold by Updated by 1 on 1 09:10", "hold by Updated by 1 on 1 09:10", "resume by Updated by 1 on 1 09:10"}},
		{"on hold from new, then in progress", []string{"", "incident_state=Awaiting Problem", "incident_state=Active"},
			[]string{"hold by Updated by 1 on 1 09:10", "resume by Updated by 1 on 1 09:10", "start by Updated by 1 on 1 09:10"}},
		{"on hold from new, then new", []string{"", "incident_state=Awaiting Problem", "incident_state=New"},
			[]string{"hold by Updated by 1 on 1 09:10", "resume by Updated by 1 on 1 09:10"}},
		{"resolved twice", []string{"incident_state=Resolved;resolved_at=3/3/2016 09:00", "incident_state=Active;category=Category 2;sys_updated_at=2/3/2016 09:00",
			"incident_state=Resolved;sys_updated_at=3/3/2016 09:00", "incident_state=Closed;sys_updated_at=9/3/2016 09:00"},
			[]string{"resolve by Updated by 1 on 1 09:10", "reopen by Updated by 1 on 2 09:00", "categorise by Updated by 1 on 2 09:00",
				"resolve by Resolved by 1 on 3 09:00", "close by Updated by 1 on 9 09:00"}},
		{"closed, then on hold", []string{"incident_state=Closed", "incident_state=Awaiting User Info;sys_updated_at=8/9/2016 09:00"},
			[]string{"resolve by Resolved by 1 on 1 09:10", "close by Updated by 1 on 1 09:10", "reopen by Updated by 1 on 8 09:00", "hold by Updated by 1 on 8 09:00"}},
		{"assigned, then nobody's", []string{"", "assigned_to=Resolver 1", "assigned_to=;assignment_group=", "assignment_group=Group 2"},
			[]string{"assign by Updated by 1 on 1 09:10", "assign by Updated by 1 on 1 09:10", "assign by Updated by 1 on 1 09:10"}},
		{"fields", []string{"", "caller_id=Caller 2;location=Location 2;contact_type=Email;subcategory=?;u_symptom=Symptom 1;impact=1 - High;priority=2 - High;cmdb_ci=cmdb_ci 1;made_sla=false;vendor=Vendor 1"},
			[]string{"edit by Updated by 1 on 1 09:10", "categorise by Updated by 1 on 1 09:10", "prioritise by Updated by 1 on 1 09:10",
				"affect by Updated by 1 on 1 09:10", "set_attributes by Updated by 1 on 1 09:10"}},
		{"a priority against the matrix", []string{"", "priority=1 - Critical", "priority=3 - Moderate"},
			[]string{"override_priority by Updated by 1 on 1 09:10", "clear_override by Updated by 1 on 1 09:10"}},
		{"links", []string{"problem_id=Problem ID  1;rfc=CHG1;caused_by=CHG1", "problem_id=Problem ID  2;rfc=", "caused_by="},
			[]string{"relate by Updated by 1 on 1 09:10", "relate by Updated by 1 on 1 09:10", "relate by Updated by 1 on 1 09:10",
				"unrelate by Updated by 1 on 1 09:10", "relate by Updated by 1 on 1 09:10", "unrelate by Updated by 1 on 1 09:10", "unrelate by Updated by 1 on 1 09:10"}},
		{"an item comes and goes", []string{"cmdb_ci=cmdb_ci 1", "cmdb_ci=cmdb_ci 2", "cmdb_ci="},
			[]string{"affect by Updated by 1 on 1 09:10", "unaffect by Updated by 1 on 1 09:10", "unaffect by Updated by 1 on 1 09:10"}},
		{"a closure code that nobody knew", []string{"closed_code=Solved by magic", "incident_state=Resolved"}, []string{"resolve by Resolved by 1 on 1 09:10"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := runTable(t, tt.rows...)
			require.Empty(t, r.Refused)
			rec, lines := told(t, r)
			require.Equal(t, "INC1", rec.Number)
			require.Equal(t, "report by Opened by 1 on 1 09:00", lines[0])
			require.Equal(t, tt.want, append([]string(nil), lines[1:]...))
		})
	}
}

func TestOpening(t *testing.T) {
	rec, _ := told(t, runTable(t, "cmdb_ci=cmdb_ci 7;u_symptom=Symptom 3"))
	require.Equal(t, "Category 1 · Subcategory 1 · Symptom 3", rec.Title)
	require.Equal(t, incident.New, rec.State)
	require.Equal(t, []string{"Caller 1", "Opened by 1", "Location 1", "Group 1"}, []string{rec.Caller, rec.ReportedBy, rec.Location, rec.Group})
	require.Len(t, rec.Affected, 1)
	attributes, err := rec.Attributes.MarshalJSON()
	require.NoError(t, err)
	require.JSONEq(t, `{"created_at":"2016-03-01T09:05:00Z","created_by":"Created by 1","knowledge":false,"made_sla":true,
		"notify":"Do Not Notify","priority_confirmed":false}`, string(attributes))

	rec, lines := told(t, runTable(t, "sys_updated_at=1/3/2016 08:00;opened_by=;caller_id=;category=;subcategory=;contact_type=Fax"))
	require.Equal(t, []string{"report by Created by 1 on 1 08:00"}, lines, "its first row is earlier than opened_at")
	require.Equal(t, "2016-03-01T09:00:00Z", rec.Attributes.Text("opened_at"))
	require.Equal(t, "Fax", rec.Attributes.Text("contact_type"))
	require.Equal(t, "Created by 1", rec.Caller)
	require.Equal(t, "Incident INC1", rec.Title)
}

func TestRefusedRows(t *testing.T) {
	for _, tt := range []struct {
		name         string
		rows         []string
		from, wanted string
	}{
		{"a state that nobody knows", []string{"", "incident_state=Deferred"}, "new", "Deferred"},
		{"back to new", []string{"incident_state=Active", "incident_state=New"}, "in_progress", "new"},
		{"closed, then new", []string{"incident_state=Closed", "incident_state=New"}, "closed", "new"},
		{"closed, then resolved", []string{"incident_state=Closed", "incident_state=Resolved"}, "closed", "resolved"},
		{"another caller of a closed case", []string{"incident_state=Closed", "caller_id=Caller 2"}, "closed", "edit"},
		{"an impact that nobody knows", []string{"", "impact=9 - Huge"}, "new", "impact 9 - Huge"},
		{"a priority that nobody knows", []string{"", "priority=9 - None"}, "new", "priority 9 - None"},
		{"a category that is too long", []string{"", "category=" + strings.Repeat("x", 2000)}, "new", "categorise"},
		{"a case that cannot be opened", []string{"location=" + strings.Repeat("x", 2000)}, "", "report"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := runTable(t, tt.rows...)
			require.Len(t, r.Refused, 1)
			got := r.Refused[0]
			require.Equal(t, report.RefusedRow{Row: len(tt.rows) + 1, Number: "INC1", From: tt.from, Wanted: tt.wanted, Why: got.Why}, got)
			require.NotEmpty(t, got.Why)
			require.Zero(t, r.Unchanged)
		})
	}
}

// What the desk refuses does not keep the rest of the row from being done, and a row counts once.
func TestRefusedInPart(t *testing.T) {
	r := runTable(t, "incident_state=Closed", "caller_id=Caller 2;category=Category 2;impact=1 - High", "caller_id=Caller 1;impact=2 - Medium")
	require.Len(t, r.Refused, 1)
	rec, _ := told(t, r)
	require.Equal(t, "Category 2", rec.Category)
	require.Equal(t, "Caller 1", rec.Caller)
	require.Equal(t, 1, r.Unchanged, "the last row is what the record is")
}

func TestACaseThatIsOpenedLate(t *testing.T) {
	r := runTable(t, "location="+strings.Repeat("x", 2000), "location=Location 1;incident_state=Active;sys_updated_at=1/3/2016 11:00")
	require.Len(t, r.Refused, 1)
	rec, lines := told(t, r)
	require.Equal(t, incident.InProgress, rec.State)
	require.Equal(t, []string{"report by Opened by 1 on 1 09:00", "start by Updated by 1 on 1 11:00"}, lines)
}

func TestReordered(t *testing.T) {
	r := runTable(t, "sys_updated_at=1/3/2016 11:00", "incident_state=Active;sys_updated_at=1/3/2016 10:00", "category=Category 2;sys_updated_at=1/3/2016 12:00")
	require.Equal(t, 1, r.Reordered)
	_, lines := told(t, r)
	require.Equal(t, []string{"report by Opened by 1 on 1 09:00", "start by Updated by 1 on 1 11:00", "categorise by Updated by 1 on 1 12:00"}, lines)
}

// A log need not hold the rows of a case together.
func TestInterleavedCases(t *testing.T) {
	a := []string{"number=A", "number=B", "number=A;incident_state=Active", "number=B;incident_state=New", "number=A;incident_state=Resolved;sys_updated_at=2/3/2016 09:00", "number=B;incident_state=Closed"}
	r := runTable(t, a...)
	require.Empty(t, r.Refused)
	sum, err := r.Report(context.Background(), casebook.Heading{History: "A"})
	require.NoError(t, err)
	require.Equal(t, map[string]int{"resolved": 1, "closed": 1}, sum.FinalStates)
	require.Equal(t, "A", sum.History.Number)
	actions := []string{}
	for _, e := range sum.History.Events {
		actions = append(actions, e.Action)
	}
	require.Equal(t, []string{"report", "start", "resolve"}, actions)
	_, err = r.Report(context.Background(), casebook.Heading{History: "C"})
	var none *casebook.NoCaseError
	require.ErrorAs(t, err, &none)
	require.EqualError(t, err, `there is no case "C"`)
}

// Hours go from opened_at to the last resolved_at given in the case; a case without it is left out.
func TestHoursAreThoseOfTheLog(t *testing.T) {
	r := runTable(t, "number=A;incident_state=Closed;resolved_at=1/3/2016 13:00;sys_updated_at=1/3/2016 14:00", "number=B;resolved_at=?")
	sum, err := r.Report(context.Background(), casebook.Heading{})
	require.NoError(t, err)
	require.Equal(t, 1, sum.ResolvedHours.N)
	require.InDelta(t, 4, float64(sum.ResolvedHours.P50), 1e-9)

	r = runTable(t, "opened_at=;incident_state=Closed;resolved_at=1/3/2016 13:00;sys_updated_at=1/3/2016 09:00")
	sum, err = r.Report(context.Background(), casebook.Heading{})
	require.NoError(t, err)
	require.InDelta(t, 4, float64(sum.ResolvedHours.P50), 1e-9, "without opened_at it was opened at its first row")
}

func TestDamageEndsTheRun(t *testing.T) {
	log, err := snlog.NewReader("log.csv", strings.NewReader(table("", "opened_at=31/2/2016 09:00")), false)
	require.NoError(t, err)
	result, err := replay.Run(context.Background(), log, replay.Options{})
	require.Nil(t, result)
	var damage *snlog.Error
	require.ErrorAs(t, err, &damage)
	require.Equal(t, 3, damage.Row)
	require.Equal(t, "opened_at", damage.Column)

	log, err = snlog.NewReader("log.csv", strings.NewReader(table()), false)
	require.NoError(t, err)
	_, err = replay.Run(context.Background(), log, replay.Options{})
	require.EqualError(t, err, "log.csv: row 2: is missing: the log has a header and no rows")

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	log, err = snlog.NewReader("log.csv", strings.NewReader(table("")), false)
	require.NoError(t, err)
	_, err = replay.Run(ctx, log, replay.Options{})
	require.ErrorIs(t, err, context.Canceled)
}

func TestKind(t *testing.T) {
	kind, err := replay.Kind("code 6")
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(kind.Fields(), func(f itsm.Field) bool { return f.Key == "made_sla" }))
}
