package memory

import (
	"encoding/binary"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// chunkSize is the size of a chunk of the log; an event that is larger gets one of its own.
const chunkSize = 256 << 10

// eventLog keeps all events, packed into chunks of bytes without pointers, so that the collector has nothing
// to look at. The sequence number of an event, from 1, is its place in the order of all events.
type eventLog struct {
	words  words
	chunks [][]byte
	at     []address // by sequence number - 1
}

// address is where an event lies: the chunk above bit 32, the offset below it. gone is a purged event.
type address uint64

const gone = ^address(0)

// flags of a packed event.
const (
	hasNote = 1 << iota
	isPublic
	hasKey
	hasFacts
	hasBy
	hasLate // RecordedAt differs from Time
	hasNumber
)

// append adds an event behind prev, the sequence number of the record's last one (0 for none), and returns its
// own.
func (l *eventLog) append(e *itsm.Event, prev int64) int64 {
	l.at = append(l.at, l.put(e, prev))
	return int64(len(l.at))
}

// put packs an event into the last chunk.
func (l *eventLog) put(e *itsm.Event, prev int64) address {
	size := 160 + len(e.Note) + len(e.Key) + len(e.Digest) + len(e.Number)
	for i := range e.Changes {
		size += len(e.Changes[i].Path) + len(e.Changes[i].Old) + len(e.Changes[i].New) + 30
	}
	for i := range e.Facts {
		size += len(e.Facts[i].Value) + 20
	}
	if n := len(l.chunks); n == 0 || cap(l.chunks[n-1])-len(l.chunks[n-1]) < size {
		l.chunks = append(l.chunks, make([]byte, 0, max(chunkSize, size)))
	}
	n := len(l.chunks) - 1
	b := l.chunks[n]
	at := address(n)<<32 | address(len(b))
	l.chunks[n] = l.pack(b, e, prev)
	return at
}

func (l *eventLog) pack(b []byte, e *itsm.Event, prev int64) []byte {
	word := func(s string) { b = binary.AppendUvarint(b, l.words.of(s)) }
	raw := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	word(e.Subject.Kind)
	b = append(b, e.Subject.ID[:]...)
	b = binary.AppendUvarint(b, uint64(prev))
	b = binary.AppendUvarint(b, uint64(e.Version))
	word(e.Tenant)
	word(e.Action)
	word(string(e.From))
	word(string(e.To))
	word(e.Actor.ID)
	word(e.Actor.Name)
	var flags byte
	set := func(on bool, flag byte) {
		if on {
			flags |= flag
		}
	}
	set(e.Note != "", hasNote)
	set(e.Public, isPublic)
	set(e.Key != "" || e.Digest != "", hasKey)
	set(len(e.Facts) > 0, hasFacts)
	set(e.RecordedBy != "", hasBy)
	set(!e.RecordedAt.Equal(e.Time), hasLate)
	set(e.Number != "", hasNumber)
	b = append(b, flags)
	b = binary.AppendVarint(b, e.Time.UnixMilli())
	if flags&hasLate != 0 {
		b = binary.AppendVarint(b, e.RecordedAt.UnixMilli())
	}
	if flags&hasNumber != 0 {
		raw(e.Number)
	}
	if flags&hasBy != 0 {
		word(e.RecordedBy)
	}
	if flags&hasNote != 0 {
		raw(e.Note)
	}
	if flags&hasKey != 0 {
		raw(e.Key)
		raw(e.Digest)
	}
	if flags&hasFacts != 0 {
		b = binary.AppendUvarint(b, uint64(len(e.Facts)))
		for i := range e.Facts {
			word(e.Facts[i].Name)
			raw(string(e.Facts[i].Value))
		}
	}
	b = binary.AppendUvarint(b, uint64(len(e.Changes)))
	for i := range e.Changes {
		c := &e.Changes[i]
		list, key := splitPath(c.Path)
		word(list)
		if strings.HasSuffix(list, "/") { // the key of an element may be empty
			raw(key)
		}
		b = append(binary.AppendUvarint(b, uint64(len(c.Old))), c.Old...)
		b = append(binary.AppendUvarint(b, uint64(len(c.New))), c.New...)
	}
	return b
}

// splitPath cuts the key of a list element off a path, so that words do not grow with the elements. A path
// without one ends in no slash.
func splitPath(path string) (list, key string) {
	if i := strings.LastIndexByte(path, '/'); i > 0 {
		return path[:i+1], path[i+1:]
	}
	return path, ""
}

// unpacker reads a packed event.
type unpacker struct {
	b     []byte
	words []string
}

func (u *unpacker) uint() uint64 {
	n, size := binary.Uvarint(u.b)
	u.b = u.b[size:]
	return n
}

func (u *unpacker) time() time.Time {
	n, size := binary.Varint(u.b)
	u.b = u.b[size:]
	return time.UnixMilli(n).UTC()
}

func (u *unpacker) word() string { return u.words[u.uint()] }

func (u *unpacker) bytes() []byte {
	n := u.uint()
	b := u.b[:n]
	u.b = u.b[n:]
	return b
}

// copied returns bytes of their own, nil for none.
func (u *unpacker) copied() []byte { return append([]byte(nil), u.bytes()...) }

func (l *eventLog) reader(seq int64) (unpacker, bool) {
	at := l.at[seq-1]
	if at == gone {
		return unpacker{}, false
	}
	return unpacker{b: l.chunks[at>>32][at&(1<<32-1):], words: l.words.text}, true
}

// kind returns the kind of an event without reading the rest; "" for one that was purged.
func (l *eventLog) kind(seq int64) string {
	u, ok := l.reader(seq)
	if !ok {
		return ""
	}
	return u.word()
}

// event reads an event and the sequence number of the one before it of the same record. Its memory is its own.
func (l *eventLog) event(seq int64) (e itsm.Event, prev int64, ok bool) {
	u, ok := l.reader(seq)
	if !ok {
		return e, 0, false
	}
	e, prev = u.event()
	return e, prev, true
}

func (u *unpacker) event() (e itsm.Event, prev int64) {
	e.Subject.Kind = u.word()
	copy(e.Subject.ID[:], u.b)
	u.b = u.b[16:]
	prev = int64(u.uint())
	e.Version = int64(u.uint())
	e.Tenant, e.Action = u.word(), u.word()
	e.From, e.To = lifecycle.State(u.word()), lifecycle.State(u.word())
	e.Actor = itsm.Actor{ID: u.word(), Name: u.word()}
	flags := u.b[0]
	u.b = u.b[1:]
	e.Public = flags&isPublic != 0
	e.Time = u.time()
	e.RecordedAt = e.Time
	if flags&hasLate != 0 {
		e.RecordedAt = u.time()
	}
	if flags&hasNumber != 0 {
		e.Number = string(u.bytes())
	}
	if flags&hasBy != 0 {
		e.RecordedBy = u.word()
	}
	if flags&hasNote != 0 {
		e.Note = string(u.bytes())
	}
	if flags&hasKey != 0 {
		e.Key, e.Digest = string(u.bytes()), string(u.bytes())
	}
	if flags&hasFacts != 0 {
		e.Facts = make([]itsm.Fact, u.uint())
		for i := range e.Facts {
			e.Facts[i] = itsm.Fact{Name: u.word(), Value: u.copied()}
		}
	}
	if n := u.uint(); n > 0 {
		e.Changes = make([]itsm.Change, n)
	}
	for i := range e.Changes {
		c := &e.Changes[i]
		if c.Path = u.word(); strings.HasSuffix(c.Path, "/") {
			c.Path += string(u.bytes())
		}
		c.Old, c.New = u.copied(), u.copied()
	}
	return e, prev
}

// wipe overwrites the bytes of an event: what was redacted or purged does not stay in memory.
func (l *eventLog) wipe(at address) {
	if at == gone {
		return
	}
	b := l.chunks[at>>32][at&(1<<32-1):]
	u := unpacker{b: b, words: l.words.text}
	u.event()
	clear(b[:len(b)-len(u.b)])
}

// mark is a state of the log to which a transaction can go back.
type mark struct{ events, chunks, used int }

func (l *eventLog) mark() mark {
	m := mark{events: len(l.at), chunks: len(l.chunks)}
	if m.chunks > 0 {
		m.used = len(l.chunks[m.chunks-1])
	}
	return m
}

func (l *eventLog) reset(m mark) {
	l.at = l.at[:m.events]
	clear(l.chunks[m.chunks:])
	if l.chunks = l.chunks[:m.chunks]; m.chunks > 0 {
		last := l.chunks[m.chunks-1]
		clear(last[m.used:])
		l.chunks[m.chunks-1] = last[:m.used]
	}
}
