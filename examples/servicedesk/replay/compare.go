package replay

import (
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
)

// compare does what explains the differences of all fields but the state.
func (r *runner) compare() {
	row, i := &r.row, r.incident()
	var edit incident.Edit
	if row.CallerID != "" && row.CallerID != i.Caller {
		edit.Caller = row.CallerID
	}
	if row.Location != "" && row.Location != i.Location {
		edit.Location = row.Location
	}
	way, known := channel(row.ContactType)
	if row.ContactType != "" && way != i.Channel {
		edit.Channel = way
	}
	if edit != (incident.Edit{}) {
		r.do("", edit)
	}
	if row.Category != i.Category || row.Subcategory != i.Subcategory || row.Symptom != i.Symptom {
		r.do("", incident.Categorise{Category: row.Category, Subcategory: row.Subcategory, Symptom: row.Symptom})
	}
	r.weigh()
	if row.Group != i.Group || row.AssignedTo != i.Assignee {
		r.do("", incident.Assign{Group: row.Group, To: row.AssignedTo, Queue: true})
	}
	r.affect()
	r.relate()
	r.attributes(known)
}

// attributes brings the declared attributes to the row's. They are compared as JSON.
func (r *runner) attributes(channelKnown bool) {
	row, i := &r.row, r.incident()
	var changed itsm.Attributes
	for _, x := range [...]struct {
		key string
		is  bool
	}{{knowledge, row.Knowledge}, {madeSLA, row.MadeSLA}, {priorityConfirmed, row.PriorityConfirmed}} {
		if i.Attributes.Raw(x.key) != boolean(x.is) {
			changed = append(changed, itsm.Attribute{Key: x.key, Value: boolean(x.is)})
		}
	}
	contact := row.ContactType
	if channelKnown {
		contact = ""
	}
	for _, x := range [...]struct{ key, is string }{{notify, row.Notify}, {vendor, row.Vendor}, {contactType, contact}} {
		raw := i.Attributes.Raw(x.key)
		if raw == "" && x.is == "" || len(raw) == len(x.is)+2 && raw[1:len(raw)-1] == x.is && strings.IndexByte(raw, '\\') < 0 {
			continue // the same, without making its JSON
		}
		if value := text(x.is); value != raw {
			changed = append(changed, itsm.Attribute{Key: x.key, Value: value})
		}
	}
	if len(changed) > 0 {
		r.do("", incident.SetAttributes{Attributes: changed})
	}
}

// weigh brings impact, urgency and priority to the row's.
func (r *runner) weigh() {
	row, i := &r.row, r.incident()
	impact, urgency := i.Impact, i.Urgency
	for _, x := range []struct {
		name, given string
		to          *incident.Level
	}{{"impact", row.Impact, &impact}, {"urgency", row.Urgency, &urgency}} {
		if l, known := level(x.given); known {
			*x.to = l
		} else if x.given != "" {
			r.refuse(x.name+" "+x.given, nil)
		}
	}
	if impact != i.Impact || urgency != i.Urgency {
		r.do("", incident.Prioritise{Impact: impact, Urgency: urgency})
	}
	p, known := priority(row.Priority)
	if !known {
		if row.Priority != "" {
			r.refuse("priority "+row.Priority, nil)
		}
		return
	}
	if i.Override != nil && matrix().Priority(i.Impact, i.Urgency) == p {
		r.do("", incident.ClearOverride{})
	}
	if i.Priority != p {
		r.do("", incident.OverridePriority{Priority: p, Reason: "Set against the matrix; the log has no text."})
	}
}

// affect brings the affected item to the row's.
func (r *runner) affect() {
	want := r.Book.Ref("asset", r.row.CI)
	i := r.incident()
	if !want.IsZero() && !slices.Contains(i.Affected, want) {
		r.do(r.row.CI, incident.Affect{Items: []itsm.Ref{want}})
	}
	if gone := slices.DeleteFunc(slices.Clone(i.Affected), func(x itsm.Ref) bool { return x == want }); len(gone) > 0 {
		r.do("", incident.Unaffect{Items: gone})
	}
}

// relate brings the links to the row's: a problem and a change that caused it, and a change that is to end it.
func (r *runner) relate() {
	row, i := &r.row, r.incident()
	if len(i.Links) == 0 && row.ProblemID == "" && row.RFC == "" && row.CausedBy == "" {
		return
	}
	for _, x := range []struct{ link, kind, number string }{
		{"caused_by", "problem", row.ProblemID}, {"caused_by", "change", row.CausedBy}, {"resolved_by", "change", row.RFC},
	} {
		want := itsm.Link{Type: x.link, To: r.Book.Ref(x.kind, x.number)}
		there := false
		for _, l := range slices.Clone(i.Links) {
			switch {
			case l.Type != x.link || l.To.Kind != x.kind:
			case l == want:
				there = true
			default:
				r.do("", incident.Unrelate(l))
			}
		}
		if x.number != "" && !there {
			r.do(x.number, incident.Relate(want))
		}
	}
}
