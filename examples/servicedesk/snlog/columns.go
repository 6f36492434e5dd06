package snlog

import (
	"fmt"
	"strings"
)

// column is a column that a Row has a field for.
type column int

const (
	colNumber column = iota
	colState
	colActive
	colReassignmentCount
	colReopenCount
	colSysModCount
	colMadeSLA
	colCallerID
	colOpenedBy
	colOpenedAt
	colSysCreatedBy
	colSysCreatedAt
	colSysUpdatedBy
	colSysUpdatedAt
	colContactType
	colLocation
	colCategory
	colSubcategory
	colSymptom
	colCI
	colImpact
	colUrgency
	colPriority
	colGroup
	colAssignedTo
	colKnowledge
	colPriorityConfirmed
	colNotify
	colProblemID
	colRFC
	colVendor
	colCausedBy
	colClosedCode
	colResolvedBy
	colResolvedAt
	colClosedAt
	columnCount
)

// Columns returns the names of the columns that a log must have, in the order of the published file.
func Columns() []string {
	return []string{
		"number", "incident_state", "active", "reassignment_count", "reopen_count", "sys_mod_count", "made_sla",
		"caller_id", "opened_by", "opened_at", "sys_created_by", "sys_created_at", "sys_updated_by",
		"sys_updated_at", "contact_type", "location", "category", "subcategory", "u_symptom", "cmdb_ci",
		"impact", "urgency", "priority", "assignment_group", "assigned_to", "knowledge",
		"u_priority_confirmation", "notify", "problem_id", "rfc", "vendor", "caused_by", "closed_code",
		"resolved_by", "resolved_at", "closed_at",
	}
}

// header finds the columns of a Row in the first row of the file.
func (r *Reader) header(names []string) *Error {
	r.names = make([]string, len(names))
	r.known = make([]bool, len(names))
	at := make(map[string]int, len(names))
	for i, name := range names {
		if why := unreadable(name); why != "" {
			return &Error{Column: fmt.Sprint(i + 1), Value: name, Why: why, Wanted: "a column name in UTF-8"}
		}
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := at[name]; twice && name != "" {
			return &Error{Column: clip(name), Why: "is in the header twice"}
		}
		r.names[i], at[name] = strings.Clone(name), i
	}
	var missing []string
	for c, name := range Columns() {
		i, ok := at[name]
		if !ok {
			missing = append(missing, name)
			continue
		}
		r.place[c], r.known[i] = i, true
	}
	switch {
	case len(missing) == 0:
		return nil
	case len(names) == 1:
		return &Error{Column: missing[0], Why: "is missing from the header, which has one column only",
			Wanted: fmt.Sprintf("%d names separated by commas", columnCount)}
	case len(missing) == 1:
		return &Error{Column: missing[0], Why: "is missing from the header"}
	}
	return &Error{Column: missing[0], Why: "is missing from the header, and so is " + strings.Join(missing[1:], ", ")}
}
