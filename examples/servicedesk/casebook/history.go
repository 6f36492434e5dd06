package casebook

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/examples/servicedesk/report"
)

// history reads all events of a case, with times in a zone.
func (b *Book) history(ctx context.Context, id itsm.ID, zone *time.Location) (report.History, error) {
	var h report.History
	p := itsm.PageRequest{Limit: itsm.MaxPage}
	for {
		page, err := b.Desk.History(ctx, id, p)
		if err != nil {
			return h, err
		}
		for i := range page.Items {
			h.Events = append(h.Events, b.entry(&page.Items[i], zone))
		}
		if p.Cursor = page.Next; p.Cursor == "" {
			return h, nil
		}
	}
}

func (b *Book) entry(e *itsm.Event, zone *time.Location) report.Entry {
	out := report.Entry{Time: e.Time.In(zone), Actor: e.Actor.ID, Action: e.Action, From: string(e.From), To: string(e.To), Note: e.Note}
	if e.Actor.Name != "" {
		out.Actor = e.Actor.Name
	}
	for _, c := range e.Changes {
		out.Changes = append(out.Changes, report.Change{Field: field(c.Path), Old: b.value(c.Old, zone), New: b.value(c.New, zone)})
	}
	return out
}

// field writes a JSON Pointer as people read it: "resolution.code". The key of a link or an affected item is
// its value, so it is left out.
func field(pointer string) string {
	name := strings.ReplaceAll(strings.TrimPrefix(pointer, "/"), "/", ".")
	for _, list := range []string{"links", "affected"} {
		if strings.HasPrefix(name, list+".") {
			return list
		}
	}
	return name
}

// value writes a JSON value as people read it: a text without quotes, a time to the minute, a reference as its
// kind and name, another object as its values.
func (b *Book) value(raw json.RawMessage, zone *time.Location) string {
	if len(raw) == 0 {
		return ""
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		if t, err := time.Parse(time.RFC3339, text); err == nil {
			return t.In(zone).Format("2006-01-02 15:04")
		}
		return text
	}
	var ref itsm.Ref
	if json.Unmarshal(raw, &ref) == nil && !ref.IsZero() {
		if name, ok := b.names[ref]; ok {
			return ref.Kind + " " + name
		}
		return ref.String()
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil {
		return string(raw)
	}
	var parts []string
	for _, key := range []string{"type", "to", "reason", "since", "from", "for", "priority", "by"} {
		if part := b.value(object[key], zone); part != "" {
			parts = append(parts, strings.ReplaceAll(part, "_", " "))
		}
	}
	return strings.Join(parts, ", ")
}
