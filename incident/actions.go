package incident

import (
	"strings"

	"github.com/itsmkit/itsm"
)

// Report opens an incident that a person tells of. A group and an assignee may be given at once; the incident
// is New all the same until somebody is assigned or starts.
type Report struct {
	Title       string          `json:"title"`
	Description string          `json:"description,omitempty"`
	Channel     Channel         `json:"channel,omitempty"` // Phone if it is empty
	Caller      string          `json:"caller,omitempty"`  // the actor if it is empty
	Location    string          `json:"location,omitempty"`
	Category    string          `json:"category,omitempty"`
	Subcategory string          `json:"subcategory,omitempty"`
	Symptom     string          `json:"symptom,omitempty"`
	Service     itsm.Ref        `json:"service,omitzero"`
	Affected    []itsm.Ref      `json:"affected,omitempty"`
	Impact      Level           `json:"impact"`
	Urgency     Level           `json:"urgency"`
	Group       string          `json:"group,omitempty"`
	Assignee    string          `json:"assignee,omitempty"`
	Attributes  itsm.Attributes `json:"attributes,omitempty"`
}

// Name returns "report".
func (Report) Name() string { return "report" }

// Apply fills in the incident.
func (a Report) Apply(i *Incident, m itsm.Moment) error {
	i.Title, i.Description, i.Channel, i.Caller, i.ReportedBy = a.Title, a.Description, a.Channel, a.Caller, m.Actor.ID
	if i.Channel == "" {
		i.Channel = Phone
	}
	if i.Caller == "" {
		i.Caller = m.Actor.ID
	}
	i.Location, i.Category, i.Subcategory, i.Symptom = a.Location, a.Category, a.Subcategory, a.Symptom
	i.Service, i.Affected, i.Impact, i.Urgency = a.Service, a.Affected, a.Impact, a.Urgency
	i.Group, i.Assignee, i.Attributes = a.Group, a.Assignee, a.Attributes
	return nil
}

// Detect opens an incident that a monitoring system tells of. Events of one fault have one correlation key:
// look an open incident up by [ByCorrelation] before another one is opened.
type Detect struct {
	Title       string          `json:"title"`
	Description string          `json:"description,omitempty"`
	Monitor     string          `json:"monitor"`
	Correlation string          `json:"correlation,omitempty"`
	Category    string          `json:"category,omitempty"`
	Service     itsm.Ref        `json:"service,omitzero"`
	Affected    []itsm.Ref      `json:"affected,omitempty"`
	Impact      Level           `json:"impact"`
	Urgency     Level           `json:"urgency"`
	Group       string          `json:"group,omitempty"`
	Attributes  itsm.Attributes `json:"attributes,omitempty"`
}

// Name returns "detect".
func (Detect) Name() string { return "detect" }

// Apply fills in the incident.
func (a Detect) Apply(i *Incident, m itsm.Moment) error {
	if strings.TrimSpace(a.Monitor) == "" {
		return itsm.Invalid("monitor", "required")
	}
	i.Title, i.Description, i.Channel, i.ReportedBy = a.Title, a.Description, Monitoring, m.Actor.ID
	i.Monitor, i.Correlation, i.Category, i.Service, i.Affected = a.Monitor, a.Correlation, a.Category, a.Service, a.Affected
	i.Impact, i.Urgency, i.Group, i.Attributes = a.Impact, a.Urgency, a.Group, a.Attributes
	return nil
}

// Edit replaces the description of the incident. An empty field stays as it is.
type Edit struct {
	Title       string   `json:"title,omitempty"`
	Description string   `json:"description,omitempty"`
	Channel     Channel  `json:"channel,omitempty"`
	Caller      string   `json:"caller,omitempty"`
	Location    string   `json:"location,omitempty"`
	Service     itsm.Ref `json:"service,omitzero"`
}

// Name returns "edit".
func (Edit) Name() string { return "edit" }

// Apply replaces what is given.
func (a Edit) Apply(i *Incident, _ itsm.Moment) error {
	if a == (Edit{}) {
		return itsm.Invalid("", "nothing_given")
	}
	replace(&i.Title, a.Title)
	replace(&i.Description, a.Description)
	replace(&i.Channel, a.Channel)
	replace(&i.Caller, a.Caller)
	replace(&i.Location, a.Location)
	replace(&i.Service, a.Service)
	return nil
}

// replace sets a field unless the new value is its zero.
func replace[V comparable](field *V, value V) {
	if value != *new(V) {
		*field = value
	}
}

// Categorise says what sort of incident it is. All three are set: an empty one is cleared.
type Categorise struct {
	Category    string `json:"category"`
	Subcategory string `json:"subcategory,omitempty"`
	Symptom     string `json:"symptom,omitempty"`
}

// Name returns "categorise".
func (Categorise) Name() string { return "categorise" }

// Apply sets the category.
func (a Categorise) Apply(i *Incident, _ itsm.Moment) error {
	i.Category, i.Subcategory, i.Symptom = a.Category, a.Subcategory, a.Symptom
	return nil
}

// Prioritise judges impact and urgency anew; the priority follows by the matrix, unless it is overridden.
type Prioritise struct {
	Impact  Level `json:"impact"`
	Urgency Level `json:"urgency"`
}

// Name returns "prioritise".
func (Prioritise) Name() string { return "prioritise" }

// Apply sets impact and urgency.
func (a Prioritise) Apply(i *Incident, _ itsm.Moment) error {
	i.Impact, i.Urgency, i.Priority = a.Impact, a.Urgency, "" // the priority follows
	return nil
}

// OverridePriority sets a priority against the matrix. It holds until [ClearOverride], whatever impact and
// urgency become.
type OverridePriority struct {
	Priority Priority `json:"priority"`
	Reason   string   `json:"reason"`
}

// Name returns "override_priority".
func (OverridePriority) Name() string { return "override_priority" }

// Apply sets the override.
func (a OverridePriority) Apply(i *Incident, m itsm.Moment) error {
	if a.Priority == "" {
		return itsm.Invalid("priority", "required")
	}
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	i.Override, i.Priority = &Override{Priority: a.Priority, Reason: a.Reason, By: m.Actor.ID}, ""
	return nil
}

// ClearOverride lets the matrix give the priority again.
type ClearOverride struct{}

// Name returns "clear_override".
func (ClearOverride) Name() string { return "clear_override" }

// Apply removes the override.
func (ClearOverride) Apply(i *Incident, _ itsm.Moment) error {
	i.Override, i.Priority = nil, ""
	return nil
}

// Affect adds services and configuration items that suffer from the incident.
type Affect struct {
	Items []itsm.Ref `json:"items"`
}

// Name returns "affect".
func (Affect) Name() string { return "affect" }

// Apply adds the items; those that are there already are left.
func (a Affect) Apply(i *Incident, _ itsm.Moment) error {
	if len(a.Items) == 0 {
		return itsm.Invalid("items", "required")
	}
	for _, item := range a.Items {
		if !contains(i.Affected, item) {
			i.Affected = append(i.Affected, item)
		}
	}
	return nil
}

// Unaffect removes services and items.
type Unaffect struct {
	Items []itsm.Ref `json:"items"`
}

// Name returns "unaffect".
func (Unaffect) Name() string { return "unaffect" }

// Apply removes the items; one that is not there is refused.
func (a Unaffect) Apply(i *Incident, _ itsm.Moment) error {
	if len(a.Items) == 0 {
		return itsm.Invalid("items", "required")
	}
	for _, item := range a.Items {
		if !contains(i.Affected, item) {
			return itsm.Invalid("items", "not_affected", "value", item.String())
		}
		i.Affected = without(i.Affected, func(r itsm.Ref) bool { return r == item })
	}
	return nil
}

// LogWork adds time that somebody worked on the incident. The sum is kept in Worked, the single entries are
// the events.
type LogWork struct {
	Time itsm.Duration `json:"time"`
	Text string        `json:"text,omitempty"`
}

// Name returns "log_work".
func (LogWork) Name() string { return "log_work" }

// Apply adds the time; one entry is more than nothing and a day at most.
func (a LogWork) Apply(i *Incident, m itsm.Moment) error {
	if a.Time <= 0 || a.Time > day {
		return itsm.Invalid("time", "range", "above", "PT0S", "max", "PT24H", "value", a.Time.String())
	}
	i.Worked += a.Time
	m.Say(a.Text, false)
	return nil
}

// Watch adds people who are told of the incident beside the caller.
type Watch struct {
	Who string `json:"who"`
}

// Name returns "watch".
func (Watch) Name() string { return "watch" }

// Apply adds the watcher; one who watches already is left.
func (a Watch) Apply(i *Incident, _ itsm.Moment) error {
	if a.Who == "" {
		return itsm.Invalid("who", "required")
	}
	if !contains(i.Watchers, a.Who) {
		i.Watchers = append(i.Watchers, a.Who)
	}
	return nil
}

// Unwatch removes a watcher.
type Unwatch struct {
	Who string `json:"who"`
}

// Name returns "unwatch".
func (Unwatch) Name() string { return "unwatch" }

// Apply removes the watcher; one who does not watch is refused.
func (a Unwatch) Apply(i *Incident, _ itsm.Moment) error {
	if !contains(i.Watchers, a.Who) {
		return itsm.Invalid("who", "not_watching", "value", a.Who)
	}
	i.Watchers = without(i.Watchers, func(w string) bool { return w == a.Who })
	return nil
}

// Attach adds a reference to a file that the host keeps.
type Attach struct {
	ID        string `json:"id"` // the host's key for the file
	File      string `json:"name"`
	URL       string `json:"url,omitempty"`
	MediaType string `json:"media_type,omitempty"`
	Bytes     int64  `json:"bytes,omitempty"`
}

// Name returns "attach".
func (Attach) Name() string { return "attach" }

// Apply adds the reference.
func (a Attach) Apply(i *Incident, m itsm.Moment) error {
	switch {
	case a.ID == "":
		return itsm.Invalid("id", "required")
	case a.File == "":
		return itsm.Invalid("name", "required")
	case a.Bytes < 0:
		return itsm.Invalid("bytes", "range", "min", "0")
	}
	i.Attachments = append(i.Attachments, Attachment{ID: a.ID, Name: a.File, URL: a.URL, MediaType: a.MediaType, Bytes: a.Bytes, By: m.Actor.ID, At: m.Time})
	return nil
}

// Detach removes a reference to a file.
type Detach struct {
	ID string `json:"id"`
}

// Name returns "detach".
func (Detach) Name() string { return "detach" }

// Apply removes the reference; one that is not there is refused.
func (a Detach) Apply(i *Incident, _ itsm.Moment) error {
	kept := without(i.Attachments, func(x Attachment) bool { return x.ID == a.ID })
	if len(kept) == len(i.Attachments) {
		return itsm.Invalid("id", "not_attached", "value", a.ID)
	}
	i.Attachments = kept
	return nil
}

// The kernel's actions for every kind, as the incident has them.
type (
	// Comment adds a public or internal note to the history.
	Comment = itsm.Comment[Incident]
	// SetAttributes changes the host's own fields.
	SetAttributes = itsm.SetAttributes[Incident]
	// Relate adds a link to another record: {"caused_by", a change}.
	Relate = itsm.Relate[Incident]
	// Unrelate removes a link.
	Unrelate = itsm.Unrelate[Incident]
)

func contains[V comparable](list []V, v V) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

// without returns a new list without the elements that drop says.
func without[V any](list []V, drop func(V) bool) []V {
	var kept []V
	for _, x := range list {
		if !drop(x) {
			kept = append(kept, x)
		}
	}
	return kept
}
