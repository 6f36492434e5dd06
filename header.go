package itsm

import (
	"time"

	"github.com/itsmkit/itsm/lifecycle"
)

// Header is what every record has; a record type embeds it. The kernel alone writes its ID, Number, Tenant,
// Version, Revision and times: what an action writes there is undone. An action chooses among the targets of
// its lifecycle rule by setting State.
type Header struct {
	ID         ID              `json:"id"`
	Number     string          `json:"number,omitempty"`   // drawn from the kind's sequence: INC0000042
	Tenant     string          `json:"tenant,omitempty"`   // whose record it is
	External   string          `json:"external,omitempty"` // the host's own key; unique in tenant and kind
	State      lifecycle.State `json:"state"`
	Version    int64           `json:"version"`  // the number of events
	Revision   int64           `json:"revision"` // the version of the last event that changed a field or the state
	CreatedAt  time.Time       `json:"created_at"`
	UpdatedAt  time.Time       `json:"updated_at"`
	Links      []Link          `json:"links,omitempty"`      // relations to other records
	Attributes Attributes      `json:"attributes,omitempty"` // the host's own fields
}

func (h *Header) header() *Header { return h }

// Ref returns a reference to the record, which is of the named kind.
func (h *Header) Ref(kind string) Ref { return Ref{Kind: kind, ID: h.ID} }

// Linked returns the targets of the links of a type.
func (h *Header) Linked(linkType string) []Ref {
	var to []Ref
	for _, l := range h.Links {
		if l.Type == linkType {
			to = append(to, l.To)
		}
	}
	return to
}

// Record is satisfied by a pointer to each struct that embeds [Header].
type Record[T any] interface {
	*T
	header() *Header
}

// headed is a pointer to a record of any type.
type headed interface{ header() *Header }

// head returns the header of a record given as a pointer to it.
func head(rec any) *Header { return rec.(headed).header() }
