package casebook

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
)

// batch is how many actions, or pieces of the input, are stored in one write.
const batch = 1024

// Book is a desk at work, with what is to be reported of its cases. It is made by [New] or [Open] and used by one
// goroutine.
type Book struct {
	Desk    *itsm.Desk[incident.Incident]
	Store   Store
	Cases   []*Case // in the order of their opening
	Done    int     // pieces of the input that are worked through, see [Book.Mark]
	Actions int     // carried out

	// Observe, where it is set, is called after each action, before the action is stored.
	Observe func(*Case)

	names   map[itsm.Ref]string
	journal *journal // nil if nobody is going to go on with the book
	marks   int      // since the last write
	writes  int
	batch   *itsm.Batch[incident.Incident]
	options []itsm.DoOption
	random  *rand.PCG
	now     time.Time
}

// Entry says when something was done and by whom.
type Entry struct {
	At     time.Time
	By     string // "" for the system
	Number string // of a case that is opened, where it has one elsewhere
	Note   string // internal
}

// Options says where a book is kept, and what it is about.
type Options struct {
	Seed  uint64 // the IDs of records are drawn from it
	Store Store
	// Input and Terms tell one run from another: a store holds one, and a book with others is refused.
	Input, Terms string
	// Remember returns what whoever works with the book has to know to go on, as JSON, and has learnt since the last
	// call; Recall gets it back, in the same order.
	Remember func() any
	Recall   func(*Book, json.RawMessage) error
}

// New returns an empty book in memory for a kind of incident.
func New(k *itsm.Kind[incident.Incident], seed uint64) (*Book, error) {
	b := &Book{Store: Memory(), names: map[itsm.Ref]string{}, random: rand.NewPCG(seed, 0)}
	return b, b.work(k, b.Store.Incidents(k))
}

// Open returns the book of the run that a store holds, as it was at the last write, or an empty one whose run begins.
// Each write stores with the actions, or not at all, what it takes to go on behind them. The context comes from [System].
// The error is an [*OtherRunError] where the store holds another run.
func Open(ctx context.Context, k *itsm.Kind[incident.Incident], o Options) (*Book, error) {
	b := &Book{Store: o.Store, names: map[itsm.Ref]string{}, random: rand.NewPCG(o.Seed, 0)}
	if err := b.work(k, joint{o.Store.Incidents(k), o.Store, b.checkpoint}); err != nil {
		return nil, err
	}
	if err := b.resume(ctx, o); err != nil {
		return nil, err
	}
	return b, nil
}

// work opens the desk.
func (b *Book) work(k *itsm.Kind[incident.Incident], in itsm.Repository[incident.Incident]) error {
	var err error
	b.Desk, err = itsm.NewDesk(k, itsm.Config[incident.Incident]{
		Repository: in,
		Policy:     itsm.AllowAll, // for those who read; the book itself works as the system
		Clock:      b.Now,
		NewID:      b.NewID,
	})
	if err == nil {
		b.batch = b.Desk.Batch()
	}
	return err
}

// Now returns the moment that is being worked on.
func (b *Book) Now() time.Time { return b.now }

// NewID makes an ID of version 7 as itsm.NewID does, from the book's own random numbers.
func (b *Book) NewID(t time.Time) itsm.ID {
	id := itsm.NewID(t)
	x := b.random.Uint64()
	id[6], id[7] = 0x70|byte(x>>60), byte(x>>52)
	binary.BigEndian.PutUint64(id[8:], b.random.Uint64()&^(3<<62)|1<<63)
	return id
}

// Ref returns a reference to a record of another kind, which is known by its name or number only; "" gives the
// zero Ref. The same name gives the same reference. A history shows the name.
func (b *Book) Ref(kind, called string) itsm.Ref {
	if called == "" {
		return itsm.Ref{}
	}
	r := itsm.Ref{Kind: kind, ID: uuid.NewSHA1(space, []byte(kind+" "+called))}
	if _, known := b.names[r]; !known {
		b.names[r] = called
		if b.journal != nil {
			b.journal.next.Names = append(b.journal.next.Names, name{r, called})
		}
	}
	return r
}

// space is the name space of the IDs that are made from names.
var space = uuid.UUID{0x0b, 0x1f, 0x5e, 0x62, 0x37, 0x4c, 0x4d, 0x0a, 0x9a, 0x51, 0x5c, 0x6e, 0x1d, 0x20, 0x16, 0x02}

// System returns the context in which a book is worked on and read.
func System(ctx context.Context) context.Context { return itsm.System(ctx, "") }

// Open opens a case. The context comes from [System].
func (b *Book) Open(ctx context.Context, e Entry, a itsm.Action[incident.Incident]) (*Case, error) {
	rec, err := b.batch.Open(ctx, a, b.say(e)...)
	if err != nil {
		return nil, err
	}
	c := &Case{ID: rec.ID, Place: len(b.Cases)}
	b.Cases = append(b.Cases, c)
	if b.journal != nil {
		b.journal.next.Opened = append(b.journal.next.Opened, c.ID)
	}
	b.count(c, rec)
	return c, nil
}

// Do does an action on a case. An error of the desk leaves the case as it was.
func (b *Book) Do(ctx context.Context, c *Case, e Entry, a itsm.Action[incident.Incident]) error {
	rec, err := b.batch.Do(ctx, c.ID, a, b.say(e)...)
	if err != nil {
		return err
	}
	b.count(c, rec)
	return nil
}

// say makes the options of an action, and moves the clock on to it.
func (b *Book) say(e Entry) []itsm.DoOption {
	if e.At.After(b.now) {
		b.now = e.At
	}
	b.options = append(b.options[:0], itsm.At(e.At))
	if e.By != "" {
		b.options = append(b.options, itsm.By(itsm.Actor{ID: e.By}))
	}
	if e.Number != "" {
		b.options = append(b.options, itsm.Numbered(e.Number))
	}
	if e.Note != "" {
		b.options = append(b.options, itsm.Note(e.Note, false))
	}
	return b.options
}

func (b *Book) count(c *Case, rec incident.Incident) {
	c.Incident, c.write = rec, b.writes+1
	b.Actions++
	if b.Observe != nil {
		b.Observe(c)
	}
}

// Mark says that a piece of the input, all that its caller does between two calls, is worked through, and stores now and
// then what is not stored yet. A run that ends early goes on behind a mark.
func (b *Book) Mark(ctx context.Context) error {
	b.Done++
	if b.marks++; b.marks < batch && b.batch.Len() < batch {
		return nil
	}
	return b.Save(ctx)
}

// Save stores what is not stored yet. It is called behind a mark.
func (b *Book) Save(ctx context.Context) error {
	var err error
	switch {
	case b.batch.Len() > 0:
		err = b.batch.Save(ctx)
	case b.marks > 0 && b.journal != nil: // nothing was done, but it is worked through
		var w itsm.Write
		if w, err = b.checkpoint(ctx); err == nil {
			err = b.Store.SaveAll(ctx, itsm.Scope{}, []itsm.Write{w})
		}
	default:
		return ctx.Err()
	}
	if err != nil {
		return err
	}
	b.marks = 0
	b.writes++
	b.journal.stored()
	return nil
}

// Use goes on with another declaration of the kind. It is called behind a mark.
func (b *Book) Use(ctx context.Context, k *itsm.Kind[incident.Incident]) error {
	if err := b.Save(ctx); err != nil {
		return err
	}
	if err := b.Desk.Use(ctx, k); err != nil {
		return err
	}
	b.batch = b.Desk.Batch()
	return nil
}
