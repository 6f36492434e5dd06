package snlog

import "time"

// Row is one update of one incident: the whole record as it was after the update. A missing value is "", 0,
// false or the zero time. Times are instants in UTC, made of the log's wall times.
//
// ClosedCode, ResolvedBy, ResolvedAt and ClosedAt hold the final values of the case on every row of it, not
// the values at the time of the update.
type Row struct {
	Number            string // number, never ""
	State             string // incident_state, as the log spells it: "Awaiting User Info", "-100"
	Active            bool
	ReassignmentCount int
	ReopenCount       int
	SysModCount       int
	MadeSLA           bool
	SLAKnown          bool // made_sla is given
	CallerID          string
	OpenedBy          string
	OpenedAt          time.Time
	SysCreatedBy      string
	SysCreatedAt      time.Time
	SysUpdatedBy      string
	SysUpdatedAt      time.Time // never zero
	ContactType       string
	Location          string
	Category          string
	Subcategory       string
	Symptom           string // u_symptom
	CI                string // cmdb_ci
	Impact            string // "2 - Medium"
	Urgency           string // "2 - Medium"
	Priority          string // "3 - Moderate"
	Group             string // assignment_group
	AssignedTo        string
	Knowledge         bool
	PriorityConfirmed bool // u_priority_confirmation
	Notify            string
	ProblemID         string
	RFC               string
	Vendor            string
	CausedBy          string
	ClosedCode        string
	ResolvedBy        string
	ResolvedAt        time.Time
	ClosedAt          time.Time
}

// row builds the Row of the record that was read last. The first cell that is wrong is kept in r.err.
func (r *Reader) row() Row {
	return Row{
		Number:            r.required(colNumber),
		State:             r.text(colState),
		Active:            r.boolean(colActive),
		ReassignmentCount: r.count(colReassignmentCount),
		ReopenCount:       r.count(colReopenCount),
		SysModCount:       r.count(colSysModCount),
		MadeSLA:           r.boolean(colMadeSLA),
		SLAKnown:          !missing(r.record[r.place[colMadeSLA]]),
		CallerID:          r.text(colCallerID),
		OpenedBy:          r.text(colOpenedBy),
		OpenedAt:          r.date(colOpenedAt),
		SysCreatedBy:      r.text(colSysCreatedBy),
		SysCreatedAt:      r.date(colSysCreatedAt),
		SysUpdatedBy:      r.text(colSysUpdatedBy),
		SysUpdatedAt:      r.requiredDate(colSysUpdatedAt),
		ContactType:       r.text(colContactType),
		Location:          r.text(colLocation),
		Category:          r.text(colCategory),
		Subcategory:       r.text(colSubcategory),
		Symptom:           r.text(colSymptom),
		CI:                r.text(colCI),
		Impact:            r.text(colImpact),
		Urgency:           r.text(colUrgency),
		Priority:          r.text(colPriority),
		Group:             r.text(colGroup),
		AssignedTo:        r.text(colAssignedTo),
		Knowledge:         r.boolean(colKnowledge),
		PriorityConfirmed: r.boolean(colPriorityConfirmed),
		Notify:            r.text(colNotify),
		ProblemID:         r.text(colProblemID),
		RFC:               r.text(colRFC),
		Vendor:            r.text(colVendor),
		CausedBy:          r.text(colCausedBy),
		ClosedCode:        r.text(colClosedCode),
		ResolvedBy:        r.text(colResolvedBy),
		ResolvedAt:        r.date(colResolvedAt),
		ClosedAt:          r.date(colClosedAt),
	}
}
