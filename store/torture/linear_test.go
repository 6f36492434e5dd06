package torture_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
)

// errLost is what a client sees of a call whose request or whose acknowledgement was lost.
var errLost = errors.New("no answer")

// lossy is a repository behind a line that loses requests and acknowledgements.
type lossy struct {
	itsm.Repository[incident.Incident]
	mu  sync.Mutex
	rnd *rand.Rand
}

func (l *lossy) Save(ctx context.Context, in itsm.Scope, c ...itsm.Commit[incident.Incident]) error {
	l.mu.Lock()
	chance := l.rnd.IntN(100)
	l.mu.Unlock()
	if chance < 15 {
		return errLost
	}
	err := l.Repository.Save(ctx, in, c...)
	if err == nil && chance < 40 {
		return errLost
	}
	return err
}

// input and output are what a client asks and gets. An operation without an answer may have happened or not.
type input struct {
	read  bool
	title string
	if_   int64 // only on this version; 0 is any
}

type output struct {
	version  int64
	title    string
	conflict bool
	unknown  bool
}

// register is the record as its clients may think of it: what its last action wrote, and how many there were.
type register struct {
	version int64
	title   string
}

// model says which answers are right: those of clients that take turns.
var model = (&porcupine.NondeterministicModel{
	Init: func() []any { return []any{register{1, "at first"}} },
	Step: func(state, in, out any) []any {
		r, i, o := state.(register), in.(input), out.(output)
		next := register{r.version + 1, i.title}
		switch {
		case i.read:
			if (register{o.version, o.title}) == r {
				return []any{r}
			}
		case o.unknown && i.if_ != 0 && i.if_ != r.version:
			return []any{r}
		case o.unknown:
			return []any{r, next}
		case o.conflict:
			if i.if_ != 0 && i.if_ != r.version {
				return []any{r}
			}
		case (i.if_ == 0 || i.if_ == r.version) && (register{o.version, o.title}) == next:
			return []any{next}
		}
		return nil
	},
	Equal: func(a, b any) bool { return a == b },
	DescribeOperation: func(in, out any) string {
		return fmt.Sprintf("%+v: %+v", in, out)
	},
}).ToModel()

// client does operations on one record, each action under a key of its own, which it repeats until it is answered or it
// gives up.
type client struct {
	desk    *itsm.Desk[incident.Incident]
	ctx     context.Context
	id      itsm.ID
	n       int
	rnd     *rand.Rand
	seen    int64 // the version that it read last
	patient bool  // it never gives up
	began   time.Time
	history []porcupine.Operation
	keys    map[string]bool // and whether they were answered as stored
}

func (c *client) run(operations int) error {
	for n := range operations {
		in := input{title: fmt.Sprintf("title %d.%d", c.n, n)}
		switch c.rnd.IntN(4) {
		case 0:
			in = input{read: true}
		case 1:
			in.if_ = c.seen
		}
		call := time.Since(c.began).Nanoseconds()
		out, err := c.do(in, fmt.Sprintf("%s-%d-%d", c.id, c.n, n))
		if err != nil {
			return err
		}
		back := time.Since(c.began).Nanoseconds()
		if out.unknown {
			back = time.Hour.Nanoseconds() // it may happen at any time from now on
		}
		c.history = append(c.history, porcupine.Operation{ClientId: c.n, Input: in, Output: out, Call: call, Return: back})
	}
	return nil
}

func (c *client) do(in input, key string) (output, error) {
	if in.read {
		i, err := c.desk.Get(c.ctx, c.id)
		c.seen = i.Version
		return output{version: i.Version, title: i.Title}, err
	}
	options := []itsm.DoOption{itsm.IdempotencyKey(key)}
	if in.if_ != 0 {
		options = append(options, itsm.IfVersion(in.if_))
	}
	for {
		i, err := c.desk.Do(c.ctx, c.id, incident.Edit{Title: in.title}, options...)
		switch {
		case err == nil:
			c.seen = i.Version
			c.keys[key] = true
			return output{version: i.Version, title: i.Title}, nil
		case errors.Is(err, itsm.ErrConflict) && in.if_ != 0:
			return output{conflict: true}, nil
		case !errors.Is(err, errLost):
			return output{}, err
		case !c.patient && c.rnd.IntN(12) == 0:
			c.keys[key] = false
			return output{unknown: true}, nil
		}
	}
}

// TestLinearizable lets 8 clients act on one record over a line that loses requests and acknowledgements, each with a
// desk of its own, and half of them through another opening of the store where there can be two. What they see is what
// they would see if they took turns; each action that was answered is stored once, and none more than once.
func TestLinearizable(t *testing.T) {
	const clients = 8
	for _, s := range subjects() {
		t.Run(s.name, func(t *testing.T) {
			place := ""
			if s.fresh != nil {
				place = s.fresh(t)
			}
			stores := make([]*opened, 2)
			for i := range stores {
				o, err := s.at(t.Context(), place)
				require.NoError(t, err)
				defer o.close()
				if stores[i] = o; s.fresh == nil {
					stores[1] = o
					break
				}
			}
			ctx := itsm.System(t.Context(), acme.Tenant)
			for round := range rounds(15, 3) {
				desk, _ := stores[0].desks()
				first, err := desk.Open(ctx, incident.Report{Title: "at first", Impact: incident.Low, Urgency: incident.Low})
				require.NoError(t, err)
				all := make([]*client, clients)
				failed := make(chan error, clients)
				for n := range all {
					seed := rand.NewPCG(uint64(round), uint64(n))
					d, err := itsm.NewDesk(incident.Kind(), itsm.Config[incident.Incident]{
						Repository: &lossy{Repository: stores[n%2].incidents, rnd: rand.New(seed)}, Policy: itsm.AllowAll, Retries: 1_000_000,
					})
					require.NoError(t, err)
					all[n] = &client{desk: d, ctx: ctx, id: first.ID, n: n, rnd: rand.New(rand.NewPCG(uint64(n), uint64(round))), seen: 1, patient: n%4 != 0, keys: map[string]bool{}}
				}
				began := time.Now()
				for _, c := range all {
					c.began = began
					go func() { failed <- c.run(12) }()
				}
				var history []porcupine.Operation
				for range all {
					require.NoError(t, <-failed, "round %d", round)
				}
				keys := map[string]bool{}
				for _, c := range all {
					history = append(history, c.history...)
					for key, answered := range c.keys {
						keys[key] = answered
					}
				}
				result, _ := porcupine.CheckOperationsVerbose(model, history, 20*time.Second)
				require.Equal(t, porcupine.Ok, result, "round %d: %+v", round, history)
				stored, err := desk.Get(ctx, first.ID)
				require.NoError(t, err)
				page, err := desk.History(ctx, first.ID, itsm.PageRequest{Limit: itsm.MaxPage})
				require.NoError(t, err)
				require.Len(t, page.Items, int(stored.Version))
				times := map[string]int{}
				for _, e := range page.Items[1:] {
					times[e.Key]++
				}
				for key, answered := range keys {
					require.LessOrEqual(t, times[key], 1, "round %d: the action under %s was done twice", round, key)
					require.False(t, answered && times[key] == 0, "round %d: the action under %s is lost", round, key)
				}
			}
		})
	}
}

// TestModelRefuses holds the model: it must not take what is no order of turns.
func TestModelRefuses(t *testing.T) {
	wrote := func(version int64, title string, call, back int64) porcupine.Operation {
		return porcupine.Operation{ClientId: int(call), Input: input{title: title}, Output: output{version: version, title: title}, Call: call, Return: back}
	}
	read := func(version int64, title string, call, back int64) porcupine.Operation {
		return porcupine.Operation{ClientId: int(call), Input: input{read: true}, Output: output{version: version, title: title}, Call: call, Return: back}
	}
	require.True(t, porcupine.CheckOperations(model, []porcupine.Operation{wrote(2, "a", 1, 10), wrote(3, "b", 2, 9), read(2, "a", 3, 8)}))
	for name, history := range map[string][]porcupine.Operation{
		"a lost update":          {wrote(2, "a", 1, 10), wrote(2, "b", 2, 9)},
		"a read of the past":     {wrote(2, "a", 1, 2), read(1, "at first", 3, 4)},
		"a read of what is not":  {wrote(2, "a", 1, 2), read(2, "b", 3, 4)},
		"a version left out":     {wrote(3, "a", 1, 2)},
		"a conflict without one": {{Input: input{title: "a", if_: 1}, Output: output{conflict: true}, Call: 1, Return: 2}},
	} {
		require.False(t, porcupine.CheckOperations(model, history), name)
	}
}

// TestOneOpening lets 8 clients open an incident under the same key at once: there is one, and all get it.
func TestOneOpening(t *testing.T) {
	const clients = 8
	for _, s := range subjects() {
		t.Run(s.name, func(t *testing.T) {
			o := s.openFresh(t)
			ctx := itsm.System(t.Context(), acme.Tenant)
			for round := range rounds(20, 3) {
				key := fmt.Sprint("opening ", round)
				type answer struct {
					id     itsm.ID
					number string
					err    error
				}
				answers := make(chan answer, clients)
				for n := range clients {
					d := deskOf[incident.Incident](incident.Kind(), &lossy{Repository: o.incidents, rnd: rand.New(rand.NewPCG(uint64(round), uint64(n)))})
					go func() {
						for {
							i, err := d.Open(ctx, reported("1"), itsm.IdempotencyKey(key))
							if !errors.Is(err, errLost) {
								answers <- answer{i.ID, i.Number, err}
								return
							}
						}
					}()
				}
				first := <-answers
				require.NoError(t, first.err)
				for range clients - 1 {
					require.Equal(t, first, <-answers)
				}
				counts, err := o.incidents.Count(t.Context(), acme, itsm.Query[incident.Incident]{}.Scanning())
				require.NoError(t, err)
				require.Equal(t, int64(round+1), counts.Total)
			}
		})
	}
}
