package replay

import (
	"slices"
	"strconv"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
)

// noCode is the closure code of a case whose code is missing in the log.
const noCode = "not given"

// The declared attributes.
const (
	madeSLA           = "made_sla"
	knowledge         = "knowledge"
	priorityConfirmed = "priority_confirmed"
	notify            = "notify"
	vendor            = "vendor"
	contactType       = "contact_type" // where it is no channel of an incident
	createdBy         = "created_by"
	createdAt         = "created_at"
	openedAt          = "opened_at" // where the first row is earlier
)

// Kind returns the incident of the desk behind the log: its matrix, in which low and low is P4, its closure
// codes, and attributes for the columns without a field. A case may be reopened at any time, and is closed by
// the log alone. Further closure codes join the list.
func Kind(codes ...string) (*itsm.Kind[incident.Incident], error) {
	all := published()
	for _, code := range codes {
		if !slices.Contains(all, code) {
			all = append(all, code)
		}
	}
	return incident.NewKind(incident.Options{
		Matrix:         matrix(),
		ClosureCodes:   all,
		AutoCloseAfter: incident.Unlimited,
		ReopenWithin:   incident.Unlimited,
		Fields: []itsm.Field{
			{Key: madeSLA, Type: itsm.FieldBoolean, Label: "Service level met so far"},
			{Key: knowledge, Type: itsm.FieldBoolean, Label: "Knowledge article used"},
			{Key: priorityConfirmed, Type: itsm.FieldBoolean, Label: "Priority checked twice"},
			{Key: notify, Type: itsm.FieldText, Label: "Notification"},
			{Key: vendor, Type: itsm.FieldText, Label: "Vendor"},
			{Key: contactType, Type: itsm.FieldText, Label: "Contact type"},
			{Key: createdBy, Type: itsm.FieldText, Label: "Created by"},
			{Key: createdAt, Type: itsm.FieldInstant, Label: "Created at"},
			{Key: openedAt, Type: itsm.FieldInstant, Label: "Opened at, by the log"},
		},
	})
}

// published are the closure codes of the published log.
func published() []string {
	codes := []string{noCode}
	for i := range 17 {
		codes = append(codes, "code "+strconv.Itoa(i+1))
	}
	return codes
}

func matrix() incident.Matrix {
	m := incident.StandardMatrix()
	m[incident.Low][incident.Low] = incident.P4
	return m
}
