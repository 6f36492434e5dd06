package archive

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/itsmkit/itsm"
)

// The format that this library writes, and the newest that it reads.
const (
	format        = "itsm"
	formatVersion = 1
)

// maxLine is the longest line that is read, in bytes. A record or a text of the greatest size stays far below.
const maxLine = 256 << 20

// line is a line of an archive. What it is follows from the one field that says so; Kind goes with Record, Place and
// Keyed with Event, Passed with Consumer.
type line struct {
	Archive  *header         `json:"archive,omitempty"`
	Kind     string          `json:"kind,omitempty"`
	Record   json.RawMessage `json:"record,omitempty"`
	Place    int64           `json:"place,omitempty"`
	Keyed    bool            `json:"keyed,omitempty"`
	Event    *itsm.Event     `json:"event,omitempty"`
	Purged   int64           `json:"purged,omitempty"` // the place of an event that was purged
	Series   *series         `json:"series,omitempty"`
	Passed   int64           `json:"passed,omitempty"`
	Consumer *itsm.Consumer  `json:"consumer,omitempty"`
	End      *end            `json:"end,omitempty"`
}

type header struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
}

type series struct {
	Tenant string `json:"tenant"`
	Prefix string `json:"prefix"`
	Last   int64  `json:"last"`
}

// end counts what came before, and holds the SHA-256 of all lines before it.
type end struct {
	Records int64  `json:"records"`
	Events  int64  `json:"events"`
	Places  int64  `json:"places"`
	SHA256  string `json:"sha256"`
}

// section is a part of an archive; they come in their order.
type section int

const (
	atHeader section = iota
	atRecords
	atEvents // within the records: behind one
	atPurged
	atSeries
	atConsumers
	atEnd
)

func (s section) String() string {
	return [...]string{"the header", "a record", "an event", "a purged place", "a series", "a consumer", "the end"}[s]
}

// section tells what a line is, and refuses one that is nothing or two things.
func (l *line) section() (section, error) {
	var is []section
	for s, there := range []bool{
		l.Archive != nil, l.Record != nil || l.Kind != "", l.Event != nil || l.Place != 0 || l.Keyed, l.Purged != 0, l.Series != nil,
		l.Consumer != nil || l.Passed != 0, l.End != nil,
	} {
		if there {
			is = append(is, section(s))
		}
	}
	switch {
	case len(is) == 0:
		return 0, fmt.Errorf("says nothing: want one of archive, record, event, purged, series, consumer, end")
	case len(is) > 1:
		return 0, fmt.Errorf("is %s and %s at once", is[0], is[1])
	case is[0] == atRecords && (l.Record == nil || l.Kind == ""):
		return 0, fmt.Errorf("a record needs its kind, and a kind its record")
	case is[0] == atEvents && l.Event == nil:
		return 0, fmt.Errorf("place and keyed need an event")
	case is[0] == atConsumers && l.Consumer == nil:
		return 0, fmt.Errorf("passed needs a consumer")
	}
	return is[0], nil
}

// encode returns a line in the one form in which it is written.
func (l *line) encode() ([]byte, error) {
	raw, err := json.Marshal(l)
	return append(raw, '\n'), err
}

// decode reads a line. A field that the format does not have is an error: what it says would be lost.
func decode(raw []byte) (*line, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	var l line
	if err := d.Decode(&l); err != nil {
		if err == io.EOF || err == io.ErrUnexpectedEOF { //nolint:errorlint // the decoder returns them as they are
			err = fmt.Errorf("is cut off")
		}
		return nil, err
	}
	if len(bytes.TrimSpace(raw[d.InputOffset():])) > 0 {
		return nil, fmt.Errorf("something follows the value")
	}
	return &l, nil
}

// decodeHeader reads the first line, and refuses a file that is no archive, or a newer one: of that it looks at nothing
// but the version.
func decodeHeader(raw []byte) (*header, error) {
	var first struct {
		Archive *header `json:"archive"`
	}
	if json.Unmarshal(raw, &first) != nil || first.Archive == nil || first.Archive.Format != format {
		return nil, fmt.Errorf("not an archive: want a first line with the format %q", format)
	}
	switch h := first.Archive; {
	case h.Version > formatVersion:
		return nil, fmt.Errorf("the archive has version %d of the format, this library reads %d: use a newer one", h.Version, formatVersion)
	case h.Version != formatVersion:
		return nil, fmt.Errorf("the archive has version %d of the format, want %d", h.Version, formatVersion)
	default:
		return h, nil
	}
}
