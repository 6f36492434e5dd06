package torture_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/storetest"
)

// childOf names the environment variable that makes the test binary a child, which writes until it is killed. Its value
// is the name of the store, the seed and the place, with spaces between.
const childOf = "ITSM_TORTURE_CHILD"

func TestMain(m *testing.M) {
	if task := os.Getenv(childOf); task != "" {
		err := child(task, os.Stdout)
		fmt.Fprintln(os.Stderr, "the child ended:", err)
		os.Exit(1)
	}
	if path := os.Getenv(lockOf); path != "" {
		if err := holdLock(path); err != nil {
			fmt.Fprintln(os.Stderr, "the lock is not held:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(server.Main(m))
}

// said is a line that a child writes: that it is about to do something, or that it has been done.
type said struct {
	What    string  `json:"what"`
	Tenant  string  `json:"tenant"`
	Kind    string  `json:"kind,omitempty"`
	ID      itsm.ID `json:"id,omitzero"`
	Version int64   `json:"version,omitempty"`
	Number  string  `json:"number,omitempty"`
	Key     string  `json:"key,omitempty"`
}

// What a child says.
const (
	saysTrying  = "trying"  // to open an incident under a key
	saysDone    = "done"    // an action is stored: the record has this version
	saysErasing = "erasing" // a record is about to be purged
	saysErased  = "erased"
)

// tenants are those of the workers of a child, one each: their numbers and keys are their own.
var tenants = []string{"acme", "globex", "initech"}

// child opens a store and writes, many workers at once, until it is killed.
func child(task string, out io.Writer) error {
	var name, place string
	var seed uint64
	if _, err := fmt.Sscan(task, &name, &seed, &place); err != nil {
		return err
	}
	s, err := subjectOf(name)
	if err != nil {
		return err
	}
	o, err := s.at(context.Background(), place)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	lines := json.NewEncoder(out)
	failed := make(chan error)
	for n, tenant := range tenants {
		w := newWorker(o, tenant, seed, uint64(n), func(s said) error {
			mu.Lock()
			defer mu.Unlock()
			return lines.Encode(s)
		})
		go func() { failed <- w.work() }()
	}
	return <-failed
}

// worker writes in one tenant.
type worker struct {
	*opened
	incidentDesk *itsm.Desk[incident.Incident]
	otherDesk    *itsm.Desk[storetest.Other]
	tenant       string
	ctx          context.Context
	rnd          *rand.Rand
	seed         uint64
	done         int
	say          func(said) error

	mine   []incident.Incident // that may be acted on
	doomed []incident.Incident // that may be redacted and purged as well: no group has them
}

func newWorker(o *opened, tenant string, seed, n uint64, say func(said) error) *worker {
	w := &worker{opened: o, tenant: tenant, ctx: itsm.System(context.Background(), tenant), rnd: rand.New(rand.NewPCG(seed, n)), seed: seed}
	w.incidentDesk, w.otherDesk = o.desks()
	w.say = func(s said) error {
		s.Tenant = tenant
		return say(s)
	}
	return w
}

// work does one thing after another for ever.
func (w *worker) work() error {
	if err := w.look(); err != nil {
		return err
	}
	for {
		if err := w.step(); err != nil {
			return err
		}
	}
}

// look finds incidents to act on.
func (w *worker) look() error {
	page, err := w.incidentDesk.Find(w.ctx, itsm.Query[incident.Incident]{}.Sorted(itsm.ByCreated[incident.Incident]().Desc()), itsm.PageRequest{Limit: 20})
	if err != nil {
		return err
	}
	for _, i := range page.Items {
		w.take(i)
	}
	return nil
}

func (w *worker) take(i incident.Incident) {
	if strings.HasPrefix(i.Title, "doomed ") {
		w.doomed = append(w.doomed, i)
	} else {
		w.mine = append(w.mine, i)
	}
}

// step does one thing.
func (w *worker) step() error {
	move := w.open
	switch n := w.rnd.IntN(100); {
	case n < 30 || len(w.mine) == 0 || len(w.doomed) == 0:
	case n < 60:
		move = w.act
	case n < 70:
		move = w.batch
	case n < 80:
		move = w.several
	case n < 87:
		move = w.transaction
	case n < 94:
		move = w.redact
	default:
		move = w.purge
	}
	w.done++
	return move()
}

// stored says that the action is there after which an incident is i.
func (w *worker) stored(i incident.Incident, key string) error {
	return w.say(said{What: saysDone, Kind: incident.Name, ID: i.ID, Version: i.Version, Number: i.Number, Key: key})
}

// reported is what is opened under a key: the same for the same key.
func reported(key string) incident.Report {
	title := "kept " + key
	if strings.HasSuffix(key, "0") || strings.HasSuffix(key, "5") {
		title = "doomed " + key
	}
	return incident.Report{Title: title, Description: "what key " + key + " tells", Caller: "caller-" + key, Impact: incident.High, Urgency: incident.Low, Group: "group-" + key[len(key)-1:]}
}

func (w *worker) open() error {
	key := fmt.Sprintf("%d-%d", w.seed, w.done)
	if err := w.say(said{What: saysTrying, Kind: incident.Name, Key: key}); err != nil {
		return err
	}
	i, err := w.incidentDesk.Open(w.ctx, reported(key), itsm.IdempotencyKey(key))
	if err != nil {
		return err
	}
	w.take(i)
	return w.stored(i, key)
}

// action returns one that changes indexes, lists and words of an incident.
func (w *worker) action() itsm.Action[incident.Incident] {
	n := w.rnd.IntN(1000)
	switch n % 5 {
	case 0:
		return incident.Edit{Title: fmt.Sprintf("kept title %d anew", n), Caller: fmt.Sprint("caller-", n)}
	case 1:
		return incident.Categorise{Category: fmt.Sprint("category-", n%7), Symptom: fmt.Sprint("symptom-", n)}
	case 2:
		return incident.Watch{Who: fmt.Sprint("watcher-", n)}
	case 3:
		return incident.Affect{Items: []itsm.Ref{{Kind: "service", ID: itsm.NewID(time.UnixMilli(int64(n)))}}}
	}
	return itsm.Comment[incident.Incident]{Text: fmt.Sprint("comment ", n)}
}

func (w *worker) act() error {
	i := &w.mine[w.rnd.IntN(len(w.mine))]
	var err error
	if *i, err = w.incidentDesk.Do(w.ctx, i.ID, w.action()); err != nil {
		return err
	}
	return w.stored(*i, "")
}

// member is the note on each event of a group that is stored whole or not at all.
func (w *worker) member(size int) itsm.DoOption {
	return itsm.Note(fmt.Sprintf("group %d-%d %d", w.seed, w.done, size), false)
}

// batch opens incidents and acts on them, in one write.
func (w *worker) batch() error {
	b := w.incidentDesk.Batch()
	all := make([]incident.Incident, 3)
	for n := range all {
		i, err := b.Open(w.ctx, reported("b1"), w.member(6))
		if err == nil {
			all[n], err = b.Do(w.ctx, i.ID, incident.Categorise{Category: fmt.Sprint("batch-", n)}, w.member(6))
		}
		if err != nil {
			return err
		}
	}
	if err := b.Save(w.ctx); err != nil {
		return err
	}
	var errs []error
	for _, i := range all {
		errs = append(errs, w.stored(i, ""))
	}
	return errors.Join(errs...)
}

// several writes records of two kinds at once.
func (w *worker) several() error {
	i := &w.mine[w.rnd.IntN(len(w.mine))]
	first, acted, err := w.incidentDesk.Prepare(w.ctx, i.ID, w.action(), w.member(2))
	if err != nil {
		return err
	}
	second, found, err := w.otherDesk.Prepare(w.ctx, itsm.ID{}, storetest.Found{As: fmt.Sprintf("%d-%d", w.seed, w.done)}, w.member(2))
	if err != nil {
		return err
	}
	if err := w.store.SaveAll(w.ctx, itsm.Scope{Tenant: w.tenant}, []itsm.Write{first, second}); err != nil {
		return err
	}
	*i = acted
	return errors.Join(w.stored(acted, ""), w.say(said{What: saysDone, Kind: second.Kind, ID: found.ID, Version: 1}))
}

// transaction does two actions and opens an other in a transaction.
func (w *worker) transaction() error {
	one, two := w.rnd.IntN(len(w.mine)), w.rnd.IntN(len(w.mine))
	var a, b incident.Incident
	var o storetest.Other
	if err := w.store.InTx(w.ctx, func(ctx context.Context) (err error) {
		if a, err = w.incidentDesk.Do(ctx, w.mine[one].ID, w.action(), w.member(3)); err != nil {
			return err
		}
		if o, err = w.otherDesk.Open(ctx, storetest.Found{As: fmt.Sprintf("%d-%d", w.seed, w.done)}, w.member(3)); err != nil {
			return err
		}
		b, err = w.incidentDesk.Do(ctx, w.mine[two].ID, w.action(), w.member(3))
		return err
	}); err != nil {
		return err
	}
	w.mine[one], w.mine[two] = a, b
	return errors.Join(w.stored(a, ""), w.stored(b, ""), w.say(said{What: saysDone, Kind: "other", ID: o.ID, Version: 1, Number: o.Number}))
}

func (w *worker) redact() error {
	i := &w.doomed[w.rnd.IntN(len(w.doomed))]
	out, err := w.incidentDesk.Redact(w.ctx, i.ID, itsm.Redaction{Paths: []string{"description", "caller"}, Reason: "asked for"})
	if err != nil {
		return err
	}
	*i = out
	return w.stored(out, "")
}

func (w *worker) purge() error {
	n := w.rnd.IntN(len(w.doomed))
	i := w.doomed[n]
	line := said{What: saysErasing, Kind: incident.Name, ID: i.ID}
	if err := w.say(line); err != nil {
		return err
	}
	if err := w.incidents.Erase(w.ctx, itsm.Scope{Tenant: w.tenant}, itsm.Erasure[incident.Incident]{Of: i.Ref(incident.Name), Version: i.Version}); err != nil {
		return err
	}
	w.doomed = append(w.doomed[:n], w.doomed[n+1:]...)
	line.What = saysErased
	return w.say(line)
}
