package cmdb

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
)

// Window is what a change request explains: changes of some items at its time. A host makes one of each change request.
type Window struct {
	Change itsm.Ref   `json:"change"`
	Items  []itsm.Ref `json:"items"` // a relation is explained by an item at one of its ends
	From   time.Time  `json:"from"`
	Until  time.Time  `json:"until"` // both instants are in it
	// Fields are the names of [Drifted].Field that it explains, with those below them: "specification", "relations",
	// "relations.runs_on"; none: every field.
	Fields []string `json:"fields,omitempty"`
}

// check names what is wrong with a window.
func (w Window) check(c *problemList, at string) {
	c.check(!w.Change.IsZero(), at+".change", "required")
	c.check(len(w.Items) > 0, at+".items", "required", "want", "the items that the change is made to")
	c.check(!w.From.IsZero(), at+".from", "required")
	c.check(!w.Until.Before(w.From), at+".until", "before_from", "value", w.Until.Format(time.RFC3339Nano), "from", w.From.Format(time.RFC3339Nano))
	for i, f := range w.Fields {
		top, below, nested := strings.Cut(f, ".")
		known := isText(f) || slices.Contains(contentFields, f) || slices.Contains(contentGroups, top) && (!nested || below != "")
		c.check(known, fmt.Sprintf("%s.fields[%d]", at, i), "unknown", "value", clip(f), "allowed", list(slices.Concat(Fields(), contentFields, contentGroups)))
	}
}

// What an [Item.Content] has beside the texts, and what has names below it.
var (
	contentFields = []string{"class", "state", "asset", "needs"}
	contentGroups = []string{"specification", "attributes", "relations"}
)

// explains tells whether a change of a field at an instant is the window's, if it is of one of its items.
func (w *Window) explains(at time.Time, field string) bool {
	if at.Before(w.From) || at.After(w.Until) {
		return false
	}
	return len(w.Fields) == 0 || slices.ContainsFunc(w.Fields, func(f string) bool { return f == field || strings.HasPrefix(field, f+".") })
}

// windows are those of a query by the records that they name.
type windows struct {
	all []Window
	of  map[itsm.Ref][]int
}

func newWindows(all []Window) windows {
	w := windows{all, map[itsm.Ref][]int{}}
	for i := range all {
		for _, r := range all[i].Items {
			w.of[r] = append(w.of[r], i)
		}
	}
	return w
}

// first returns the place of the first window that explains a change of one of some records, or -1.
func (w *windows) first(at time.Time, field string, of []itsm.Ref) int {
	found := -1
	for _, r := range of {
		for _, i := range w.of[r] {
			if found >= 0 && i >= found {
				break
			}
			if w.all[i].explains(at, field) {
				found = i
			}
		}
	}
	return found
}
