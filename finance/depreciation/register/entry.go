package register

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/itsmkit/itsm"
)

// Entry is what an action posted: what a ledger books from its event, once for each event (see [itsm.Event.ID]). A charge
// is depreciation expense against accumulated depreciation; a movement of a disposal clears cost, adjustments and
// accumulated depreciation against proceeds and gain or loss.
type Entry struct {
	Charges   []Charge   `json:"charges,omitempty"`
	Movements []Movement `json:"movements,omitempty"`
}

// fact is the name under which an event has its entry.
const fact = "entry"

// EntryOf returns what the action of an event posted: nothing if it did not.
func EntryOf(e itsm.Event) (Entry, error) {
	var out Entry
	i := slices.IndexFunc(e.Facts, func(f itsm.Fact) bool { return f.Name == fact })
	if e.Subject.Kind != Name || i < 0 {
		return out, nil
	}
	if err := json.Unmarshal(e.Facts[i].Value, &out); err != nil {
		return Entry{}, fmt.Errorf("register: event %s: fact %s: %w", e.ID(), fact, err)
	}
	return out, nil
}

// record puts the entry on the event.
func (e *Entry) record(m itsm.Moment) error {
	if len(e.Charges)+len(e.Movements) == 0 {
		return nil
	}
	return m.Record(fact, e)
}
