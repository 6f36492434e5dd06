package memory

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/archive"
)

var (
	_ archive.Source = (*Store)(nil)
	_ archive.Target = (*Store)(nil)
)

// Kinds returns the kinds that the store was given, by name.
func (s *Store) Kinds() []*itsm.Shape {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []*itsm.Shape
	for _, name := range slices.Sorted(maps.Keys(s.kinds)) {
		out = append(out, s.kinds[name].shape)
	}
	return out
}

// Dump hands everything that the store holds to an archive, see [archive.Export]. Writers wait only until the references
// to the records and the packed events are copied.
func (s *Store) Dump(ctx context.Context, to archive.Sink) error {
	unlock, err := s.read(ctx)
	if err != nil {
		return err
	}
	f := s.frozen()
	unlock()
	for _, k := range f.kinds {
		for i := range k.records {
			if err := f.dumpRecord(to, k.shape, &k.records[i]); err != nil {
				return err
			}
		}
	}
	if err := to.Places(int64(len(f.log.at))); err != nil {
		return err
	}
	for _, key := range slices.SortedFunc(maps.Keys(f.series), seriesKey.compare) {
		if err := to.Series(key.tenant, key.prefix, f.series[key]); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.consumers)) {
		c := copied(f.consumers[name])
		passed, err := f.log.place(c.Position)
		if err != nil {
			return fmt.Errorf("memory: dump: consumer %s: %w", name, err)
		}
		if err := to.Consumer(c, passed); err != nil {
			return err
		}
	}
	return nil
}

// frozen is the state of a store at one moment.
type frozen struct {
	kinds     []frozenKind
	log       eventLog
	keyed     map[int64]bool // the places whose key is remembered
	series    map[seriesKey]int64
	consumers map[string]itsm.Consumer
}

type frozenKind struct {
	shape   *itsm.Shape
	records []slot
}

// frozen copies the references to all that a dump needs. Records never change; of the log the bytes are copied too,
// because a redaction overwrites them.
func (s *Store) frozen() frozen {
	f := frozen{keyed: make(map[int64]bool, len(s.keys)), series: maps.Clone(s.series), consumers: maps.Clone(s.consumers)}
	for _, name := range slices.Sorted(maps.Keys(s.kinds)) {
		k := s.kinds[name]
		fk := frozenKind{shape: k.shape}
		for _, tenant := range slices.Sorted(maps.Keys(k.tenants)) {
			for w := k.tenants[tenant].all.walk(place{edge: -1}, false); ; {
				e := w.next()
				if e == nil {
					break
				}
				fk.records = append(fk.records, *e.slot)
			}
		}
		f.kinds = append(f.kinds, fk)
	}
	f.log = eventLog{words: words{text: slices.Clone(s.log.words.text)}, at: slices.Clone(s.log.at)}
	for _, c := range s.log.chunks {
		f.log.chunks = append(f.log.chunks, slices.Clone(c))
	}
	for _, seq := range s.keys {
		f.keyed[seq] = true
	}
	return f
}

// dumpRecord hands over a record and its events, oldest first.
func (f *frozen) dumpRecord(to archive.Sink, shape *itsm.Shape, at *slot) error {
	if err := to.Record(shape, at.rec); err != nil {
		return err
	}
	var seqs []int64
	for seq := at.last; seq > 0; seq = f.log.prev(seq) {
		seqs = append(seqs, seq)
	}
	for _, seq := range slices.Backward(seqs) {
		e, _, _ := f.log.event(seq)
		if err := to.Event(seq, f.keyed[seq], &e); err != nil {
			return err
		}
	}
	return nil
}

func (k seriesKey) compare(o seriesKey) int {
	return cmp.Or(cmp.Compare(k.tenant, o.tenant), cmp.Compare(k.prefix, o.prefix))
}

// place returns the sequence number up to which all events lie behind a position.
func (l *eventLog) place(p itsm.Position) (int64, error) {
	if p == "" {
		return 0, nil
	}
	seq, err := strconv.ParseInt(string(p), 10, 64)
	if err != nil || seq < 0 || seq > int64(len(l.at)) {
		return 0, itsm.Invalid("after", "position", "value", string(p), "want", "a position that Since returned")
	}
	return seq, nil
}

// position returns the position behind a place.
func position(seq int64) itsm.Position {
	if seq == 0 {
		return ""
	}
	return itsm.Position(strconv.FormatInt(seq, 10))
}
