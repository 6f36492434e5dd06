package memory

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"slices"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// A snapshot is JSON Lines: a line a value, with the name of what it is. Records stand by kind, tenant and ID,
// events in their order; the last line counts them and holds the SHA-256 of all lines before it.
type line struct {
	Snapshot *snapshotHead   `json:"snapshot,omitempty"`
	Kind     string          `json:"kind,omitempty"`
	Record   json.RawMessage `json:"record,omitempty"`
	Event    *itsm.Event     `json:"event,omitempty"`
	Purged   int             `json:"purged,omitempty"` // places in the order of events whose event was purged
	Series   *snapshotSeries `json:"series,omitempty"`
	Key      *snapshotKey    `json:"key,omitempty"`
	Consumer *itsm.Consumer  `json:"consumer,omitempty"`
	End      *snapshotEnd    `json:"end,omitempty"`
}

type snapshotHead struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
}

type snapshotSeries struct {
	Tenant string `json:"tenant"`
	Prefix string `json:"prefix"`
	Last   int64  `json:"last"`
}

type snapshotKey struct {
	Tenant string `json:"tenant"`
	Kind   string `json:"kind"`
	Key    string `json:"key"`
	Event  int64  `json:"event"`
}

type snapshotEnd struct {
	Records int64  `json:"records"`
	Events  int64  `json:"events"`
	SHA256  string `json:"sha256"`
}

const (
	format        = "itsm/memory"
	formatVersion = 1
)

// Snapshot writes everything that the store holds. It takes the state of one moment; while it is written, the
// store can be read, and writers wait only for the copy of the references.
func (s *Store) Snapshot(ctx context.Context, w io.Writer) error {
	unlock, err := s.read(ctx)
	if err != nil {
		return err
	}
	f := s.frozen()
	unlock()
	sum := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(w, sum), 64<<10)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	put := func(l line) {
		if err == nil {
			err = enc.Encode(l)
		}
	}
	put(line{Snapshot: &snapshotHead{format, formatVersion}})
	records := int64(0)
	for _, k := range f.kinds {
		for _, rec := range k.records {
			raw, encodeErr := k.shape.Encode(rec)
			if encodeErr != nil {
				return fmt.Errorf("memory: snapshot: %w", encodeErr)
			}
			put(line{Kind: k.shape.Name(), Record: raw})
			records++
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	for seq := int64(1); seq <= int64(len(f.log.at)) && err == nil; seq++ {
		if e, _, ok := f.log.event(seq); ok {
			put(line{Event: &e})
		} else {
			put(line{Purged: 1})
		}
	}
	for _, x := range f.series {
		put(line{Series: &x})
	}
	for _, x := range f.keys {
		put(line{Key: &x})
	}
	for _, x := range f.consumers {
		put(line{Consumer: &x})
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return fmt.Errorf("memory: snapshot: %w", err)
	}
	end, err := json.Marshal(line{End: &snapshotEnd{records, int64(len(f.log.at)), hex.EncodeToString(sum.Sum(nil))}})
	if err == nil {
		_, err = w.Write(append(end, '\n'))
	}
	if err != nil {
		return fmt.Errorf("memory: snapshot: %w", err)
	}
	return nil
}

// frozen is the state of a store at one moment.
type frozen struct {
	kinds     []frozenKind
	log       eventLog
	series    []snapshotSeries
	keys      []snapshotKey
	consumers []itsm.Consumer
}

type frozenKind struct {
	shape   *itsm.Shape
	records []any
}

// frozen copies the references to all that a snapshot needs. Records never change; of the log the bytes are
// copied too, because a redaction overwrites them.
func (s *Store) frozen() frozen {
	var f frozen
	for _, name := range ordered(s.kinds) {
		k := s.kinds[name]
		fk := frozenKind{shape: k.shape}
		for _, tenant := range ordered(k.tenants) {
			for w := k.tenants[tenant].all.walk(place{edge: -1}, false); ; {
				e := w.next()
				if e == nil {
					break
				}
				fk.records = append(fk.records, e.slot.rec)
			}
		}
		f.kinds = append(f.kinds, fk)
	}
	f.log = eventLog{words: words{text: slices.Clone(s.log.words.text)}, at: slices.Clone(s.log.at)}
	for _, c := range s.log.chunks {
		f.log.chunks = append(f.log.chunks, slices.Clone(c))
	}
	for key, last := range s.series {
		f.series = append(f.series, snapshotSeries{key.tenant, key.prefix, last})
	}
	slices.SortFunc(f.series, func(a, b snapshotSeries) int {
		return cmp.Or(cmp.Compare(a.Tenant, b.Tenant), cmp.Compare(a.Prefix, b.Prefix))
	})
	for key, seq := range s.keys {
		f.keys = append(f.keys, snapshotKey{key.tenant, key.kind, key.key, seq})
	}
	slices.SortFunc(f.keys, func(a, b snapshotKey) int { return cmp.Compare(a.Event, b.Event) })
	for _, name := range ordered(s.consumers) {
		f.consumers = append(f.consumers, copied(s.consumers[name]))
	}
	return f
}

func ordered[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Restore reads a snapshot into a store that is empty but for its kinds: call [For] for each kind first. It
// verifies what it reads (the checksum, the kinds, that each record has all its events and the version of the
// last), and leaves the store empty after an error.
func (s *Store) Restore(ctx context.Context, r io.Reader) error {
	unlock, err := s.write(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if s.tx != nil {
		return fmt.Errorf("memory: restore: not within a transaction")
	}
	fresh := New()
	for name, k := range s.kinds {
		if len(k.tenants) > 0 {
			return fmt.Errorf("memory: restore: the store holds records of kind %s; restore into an empty one", name)
		}
		fresh.kinds[name] = newKind(k.shape)
	}
	if len(s.log.at) > 0 {
		return fmt.Errorf("memory: restore: the store holds events; restore into an empty one")
	}
	in := restorer{store: fresh, sum: sha256.New(), last: map[eventOf]lastEvent{}}
	if err := in.run(ctx, bufio.NewReaderSize(r, 64<<10)); err != nil {
		return fmt.Errorf("memory: restore: line %d: %w", in.line, err)
	}
	s.kinds, s.log, s.keys, s.series, s.consumers = fresh.kinds, fresh.log, fresh.keys, fresh.series, fresh.consumers
	return nil
}

type restorer struct {
	store   *Store
	sum     hash.Hash
	line    int
	records int64
	last    map[eventOf]lastEvent // of each record whose events have come
	ended   bool
}

type eventOf struct {
	tenant string
	of     itsm.Ref
}

type lastEvent struct {
	version int64
	to      lifecycle.State
}

func (in *restorer) run(ctx context.Context, r *bufio.Reader) error {
	for {
		raw, err := r.ReadBytes('\n')
		if err == io.EOF && len(raw) == 0 {
			break
		}
		if err != nil && err != io.EOF {
			return err
		}
		in.line++
		var l line
		if err := json.Unmarshal(raw, &l); err != nil {
			return err
		}
		switch {
		case in.ended:
			return fmt.Errorf("something follows the end")
		case in.line == 1 && (l.Snapshot == nil || l.Snapshot.Format != format || l.Snapshot.Version != formatVersion):
			return fmt.Errorf("not a snapshot of format %s, version %d", format, formatVersion)
		case l.End != nil:
			in.ended = true
			if err := in.end(l.End); err != nil {
				return err
			}
			continue
		}
		in.sum.Write(raw)
		if err := in.take(&l); err != nil {
			return err
		}
		if in.line%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if !in.ended {
		return fmt.Errorf("the end is missing: the snapshot was cut off")
	}
	return nil
}

func (in *restorer) take(l *line) error {
	s := in.store
	switch {
	case l.Record != nil:
		k := s.kinds[l.Kind]
		if k == nil {
			return fmt.Errorf("a record of kind %q, which the store does not have: call memory.For for it first", l.Kind)
		}
		rec, err := k.shape.Decode(l.Record)
		if err != nil {
			return err
		}
		h := k.shape.Header(rec)
		t := k.table(h.Tenant)
		if t.slots[h.ID] != nil {
			return fmt.Errorf("%s %s comes twice", l.Kind, h.ID)
		}
		if err := s.taken(k, t, h.ID, rec, k.every); err != nil {
			return err
		}
		at := &slot{id: h.ID, rec: rec}
		t.slots[h.ID] = at
		t.all.insert(entry{slot: at})
		s.reindex(k, t, at, nil, rec)
		in.records++
	case l.Event != nil:
		return in.event(l.Event)
	case l.Purged > 0:
		s.log.at = append(s.log.at, gone)
	case l.Series != nil:
		s.series[seriesKey{l.Series.Tenant, l.Series.Prefix}] = l.Series.Last
	case l.Key != nil:
		if l.Key.Event < 1 || l.Key.Event > int64(len(s.log.at)) {
			return fmt.Errorf("key %q is of event %d, which does not exist", l.Key.Key, l.Key.Event)
		}
		s.keys[ownKey{l.Key.Tenant, l.Key.Kind, l.Key.Key}] = l.Key.Event
	case l.Consumer != nil:
		s.consumers[l.Consumer.Name] = *l.Consumer
	}
	return nil
}

func (in *restorer) event(e *itsm.Event) error {
	s := in.store
	k := s.kinds[e.Subject.Kind]
	if k == nil || k.tenants[e.Tenant] == nil || k.tenants[e.Tenant].slots[e.Subject.ID] == nil {
		return fmt.Errorf("event %s has no record", e.ID())
	}
	of := eventOf{e.Tenant, e.Subject}
	if before := in.last[of].version; e.Version != before+1 {
		return fmt.Errorf("event %s follows version %d", e.ID(), before)
	}
	at := k.tenants[e.Tenant].slots[e.Subject.ID]
	at.last = s.log.append(e, at.last)
	in.last[of] = lastEvent{e.Version, e.To}
	return nil
}

// end compares the counts, the checksum, and each record with its last event.
func (in *restorer) end(end *snapshotEnd) error {
	s := in.store
	if sum := hex.EncodeToString(in.sum.Sum(nil)); sum != end.SHA256 {
		return fmt.Errorf("the checksum is %s, want %s: the snapshot was changed", sum, end.SHA256)
	}
	if in.records != end.Records || int64(len(s.log.at)) != end.Events {
		return fmt.Errorf("%d records and %d events, want %d and %d", in.records, len(s.log.at), end.Records, end.Events)
	}
	for name, k := range s.kinds {
		for tenant, t := range k.tenants {
			for id, at := range t.slots {
				h := k.shape.Header(at.rec)
				if e := in.last[eventOf{tenant, itsm.Ref{Kind: name, ID: id}}]; e.version != h.Version || e.to != h.State {
					return fmt.Errorf("%s %s has version %d in state %q, its last event version %d in %q", name, id, h.Version, h.State, e.version, e.to)
				}
			}
		}
	}
	return nil
}
