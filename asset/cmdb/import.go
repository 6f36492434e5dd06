package cmdb

import (
	"fmt"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// Row is what a source says of one item, in whole: see [Observe].
type Row struct {
	Line   int             // where it stands in what is imported, for messages; 0: its number among the rows
	Class  string          // of the class model
	Key    string          // the source's own name for the item; "": it has none
	Values itsm.Attributes // by the names of [Fields] and of the attributes of the class
	// Plain says that the values are texts throughout, as a file has them, each to be read by the type of its attribute:
	// "8" is a number where the class has one.
	Plain bool
}

// Import says how rows are imported.
type Import struct {
	Source string // one of the sources of the [Reconciliation]
	// DryRun does everything but store: the outcomes tell what would happen.
	DryRun bool
	// Complete says that the rows are all that the source has: what it had before and does not name is gone, see [Miss]
	// and [Withdraw]. Nothing is taken for gone when the rows end in an error.
	Complete bool
	// MaxMissing is the share of what the source had before, 0 to 1, that a complete import may take for gone; beyond it
	// nothing is. 0: a half. An empty file must not empty the database.
	MaxMissing float64
	// Each gets the outcome of each row, in order, once it is stored. An error ends the import.
	Each func(RowOutcome) error
}

// Result is what an import made of a row.
type Result string

// The results.
const (
	Created    Result = "created"
	Changed    Result = "changed"   // a field
	Noted      Result = "noted"     // the report changed, and no field did
	Unchanged  Result = "unchanged" // nothing was written
	NeedsHuman Result = "candidate" // a person must decide: see [Candidate]
	Discarded  Result = "discarded" // a person has decided that it is nothing
	Refused    Result = "refused"   // RowOutcome.Err says why
	Missed     Result = "missed"    // no row named it
)

const (
	halfOf    = 0.5 // the share of Import.MaxMissing
	chunkRows = 500 // that are stored together
	// tries is how often several records that change together are tried after a conflict.
	tries = 6
)

// RowOutcome is what an import made of a row, or of what no row named.
type RowOutcome struct {
	Line      int
	Result    Result
	Of        itsm.Ref        // the item or the relation; zero where there is none, and of a new one in a dry run
	By        string          // the rule that recognised the item: its name, "key", or "decision" for that of a person
	State     lifecycle.State // of the item: a retired one that is reported stays retired
	Changes   []FieldChange   // of the item, or of the weight of a relation
	Overruled []Overruled     // what the row says and the record does not
	Candidate itsm.Ref        // zero in a dry run, and without Config.Candidates
	Why       string          // of a candidate: see [Candidate]
	Found     []Evidence      // of a candidate
	Err       error           // of a refused one
}

// FieldChange is a field that an import changed. Texts of attributes are as itsm.Attributes.Text gives them.
type FieldChange struct {
	Field string // "class", or one that sources report
	From  string
	To    string
	Was   string // the source whose claim decided before and no longer does; "" where none did or the same one does
}

// Overruled is what a row says of a field that has another value.
type Overruled struct {
	Field string
	Claim string
	Value string // of the item
	By    string // the source that is trusted more; "lock" where the field is locked
}

// Summary counts the outcomes.
type Summary struct {
	Rows   int // that were read and dealt with
	Stored int // the line of the last row up to which all is stored; of a dry run, dealt with
	Counts map[Result]int
}

// Of returns how many outcomes have a result.
func (s Summary) Of(r Result) int { return s.Counts[r] }

// ImportError says that an import ended before its end. Everything up to and with a line is stored, and nothing behind
// it; the same import may be run again.
type ImportError struct {
	Stored int // the line of the last row that was dealt with; 0: none
	Err    error
}

func (e *ImportError) Error() string {
	if e.Stored == 0 {
		return "cmdb: the import ended before its first row was stored: " + e.Err.Error()
	}
	return fmt.Sprintf("cmdb: the import ended behind line %d, up to which everything is stored: %v", e.Stored, e.Err)
}

// Unwrap returns what ended it.
func (e *ImportError) Unwrap() error { return e.Err }

// check refuses an import that the reconciliation does not know.
func (how Import) check(j *judge) error {
	if how.MaxMissing < 0 || how.MaxMissing > 1 || how.MaxMissing != how.MaxMissing {
		return itsm.Invalid("max_missing", "range", "min", "0", "max", "1", "value", fmt.Sprint(how.MaxMissing))
	}
	return j.mayReport(how.Source)
}

// mayMiss refuses to take more than the allowed share for gone.
func (how Import) mayMiss(missing, before int, what string) error {
	share := how.MaxMissing
	if share == 0 {
		share = halfOf
	}
	if float64(missing) <= share*float64(before) {
		return nil
	}
	return itsm.Invalid("max_missing", "too_many_missing", "source", how.Source, "missing", fmt.Sprint(missing), "before", fmt.Sprint(before), "of", what,
		"max", fmt.Sprint(share), "want", "a complete list, or a greater share")
}
