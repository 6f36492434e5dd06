package archive

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"

	"github.com/itsmkit/itsm"
)

// Export writes everything that a store holds, as it was at one moment, while others read and write. The same contents
// give the same bytes, whichever store holds them. After an error what was written is no archive: its end is missing.
func Export(ctx context.Context, from Source, w io.Writer) error {
	out := &writer{ctx: ctx, buffer: bufio.NewWriterSize(w, 64<<10), sum: sha256.New()}
	err := out.put(&line{Archive: &header{format, formatVersion}})
	if err == nil {
		err = from.Dump(ctx, out)
	}
	if err == nil {
		err = out.end()
	}
	if err != nil {
		return fmt.Errorf("archive: export: %w", err)
	}
	return nil
}

// writer is the sink that writes an archive.
type writer struct {
	ctx     context.Context
	buffer  *bufio.Writer
	sum     hash.Hash
	lines   int64
	records int64
	events  int64
	places  places
	total   int64
}

func (w *writer) put(l *line) error {
	if w.lines++; w.lines%256 == 0 && w.ctx.Err() != nil {
		return w.ctx.Err()
	}
	raw, err := l.encode()
	if err != nil {
		return err
	}
	w.sum.Write(raw) //nolint:errcheck // a hash has no error
	_, err = w.buffer.Write(raw)
	return err
}

func (w *writer) Record(s *itsm.Shape, rec any) error {
	raw, err := s.Encode(rec)
	if err != nil {
		return fmt.Errorf("%s %s: %w", s.Name(), s.Header(rec).ID, err)
	}
	w.records++
	return w.put(&line{Kind: s.Name(), Record: raw})
}

func (w *writer) Event(place int64, keyed bool, e *itsm.Event) error {
	if place < 1 || !w.places.add(place) {
		return fmt.Errorf("the store has event %s at place %d, where another one is", e.ID(), place)
	}
	w.events++
	return w.put(&line{Place: place, Keyed: keyed, Event: e})
}

// Places writes the places that no event has.
func (w *writer) Places(n int64) error {
	if w.places.last > n {
		return fmt.Errorf("the store has %d places and an event at place %d", n, w.places.last)
	}
	w.total = n
	for place := int64(1); place <= n; place++ {
		if w.places.has(place) {
			continue
		}
		if err := w.put(&line{Purged: place}); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) Series(tenant, prefix string, last int64) error {
	return w.put(&line{Series: &series{tenant, prefix, last}})
}

func (w *writer) Consumer(c itsm.Consumer, passed int64) error {
	c.Position = ""
	return w.put(&line{Consumer: &c, Passed: passed})
}

func (w *writer) end() error {
	last := &line{End: &end{w.records, w.events, w.total, hex.EncodeToString(w.sum.Sum(nil))}}
	if err := w.put(last); err != nil {
		return err
	}
	return w.buffer.Flush()
}
