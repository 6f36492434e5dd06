package itsm_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestLifeThroughTheDesk plays arbitrary actions on a desk and holds after each: the stored record validates;
// success implies that Options offered it; what is refused changes nothing; the version grows by one; the events
// replay to the record; and as of any instant the desk gives what was there then.
func TestLifeThroughTheDesk(t *testing.T) {
	refs := []itsm.Ref{{Kind: "person", ID: itsm.ID{6: 0x70, 8: 0x80, 1: 1}}, {Kind: "asset", ID: itsm.ID{6: 0x70, 8: 0x80, 1: 2}}}
	rapid.Check(t, func(t *rapid.T) {
		b := newBench(t, everything)
		rec := b.raise(t, Raise{Title: "t", Tags: []string{"z", "a"}})
		versions := []Ticket{rec}
		for range rapid.IntRange(1, 15).Draw(t, "steps") {
			b.clock.now = b.clock.now.Add(time.Duration(rapid.Int64Range(0, int64(40*time.Hour)).Draw(t, "pass")))
			a := anyAction(t, refs)
			offered := false
			options, err := b.Options(ann(), rec)
			require.NoError(t, err)
			for _, o := range options {
				offered = offered || o.Action == a.Name() && o.Allowed
			}
			possible := b.Check(ann(), rec.ID, a)
			next, err := b.Do(ann(), rec.ID, a)
			require.Equal(t, err == nil, possible == nil, "a dry run says the same")
			now, events := b.stored(t, "", rec.ID)
			if err != nil {
				require.EqualError(t, possible, err.Error())
				require.Zero(t, next)
				require.Equal(t, rec, now, "a refused action changed the record")
				require.Len(t, events, len(versions))
				continue
			}
			require.True(t, offered, "%s succeeded and was not offered", a.Name())
			require.Equal(t, now, next)
			require.Equal(t, rec.Version+1, next.Version)
			require.NotEmpty(t, next.Title, "the record does not validate")
			require.Equal(t, next.Count*10+len(next.Tags), next.Score, "what is derived does not follow")
			rec, versions = next, append(versions, next)
		}
		for range 5 {
			at := noon.Add(time.Duration(rapid.Int64Range(-int64(time.Hour), int64(600*time.Hour)).Draw(t, "instant")))
			want := -1
			for i := range versions {
				if !versions[i].UpdatedAt.After(at) {
					want = i
				}
			}
			for _, ask := range []func() (Ticket, error){
				func() (Ticket, error) { return b.AsOf(ann(), rec.ID, at) },
				func() (Ticket, error) { return b.AsRecorded(ann(), rec.ID, at) },
			} {
				got, err := ask()
				if want < 0 {
					require.ErrorIs(t, err, itsm.ErrNotFound)
					continue
				}
				require.NoError(t, err)
				require.Equal(t, versions[want], got, "as of %s", at)
			}
		}
	})
}

// TestAsRecorded: history that was imported later was not known before.
func TestAsRecorded(t *testing.T) {
	b := newBench(t, everything)
	rec := b.raise(t, Raise{}, itsm.At(noon.Add(-48*time.Hour)))
	got, err := b.AsOf(ann(), rec.ID, noon.Add(-time.Hour))
	require.NoError(t, err)
	require.Equal(t, rec, got)
	_, err = b.AsRecorded(ann(), rec.ID, noon.Add(-time.Hour))
	require.ErrorIs(t, err, itsm.ErrNotFound)
	got, err = b.AsRecorded(ann(), rec.ID, noon)
	require.NoError(t, err)
	require.Equal(t, rec, got)
}

// TestSixteenWriters works on one record and on many with 16 goroutines: nothing is lost, and each version of a
// record has one winner. Two desks stand for two processes: their locks do not know each other.
func TestSixteenWriters(t *testing.T) {
	const writers, each = 16, 25
	for name, desks := range map[string]int{"one desk": 1, "two desks": 2} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, everything)
			at := make([]*itsm.Desk[Ticket], desks)
			for i := range at {
				at[i] = b.plain(t)
			}
			hot := b.raise(t, Raise{})
			others := make([]Ticket, 8)
			for i := range others {
				others[i] = b.raise(t, Raise{})
			}
			var wg sync.WaitGroup
			for w := range writers {
				wg.Go(func() {
					d := at[w%desks]
					for i := range each {
						key := itsm.IdempotencyKey(fmt.Sprint(w, "/", i))
						comment := itsm.Comment[Ticket]{Text: fmt.Sprint(w, "/", i)}
						first, err := d.Do(ann(), hot.ID, comment, key)
						if err != nil {
							t.Error(err)
							return
						}
						if again, err := d.Do(ann(), hot.ID, comment, key); err != nil || again.Version != first.Version {
							t.Errorf("repeated: version %d, %v; first %d", again.Version, err, first.Version)
						}
						if _, err := d.Do(ann(), others[(w+i)%len(others)].ID, comment); err != nil {
							t.Error(err)
						}
						if _, err := d.Open(ann(), Raise{Title: "own"}, itsm.IdempotencyKey(fmt.Sprint("open", i))); err != nil {
							t.Error(err)
						}
					}
				})
			}
			wg.Wait()
			_, events := b.stored(t, "", hot.ID)
			require.Len(t, events, 1+writers*each)
			said := map[string]bool{}
			for i, e := range events {
				require.EqualValues(t, i+1, e.Version)
				said[e.Note] = true
			}
			require.Len(t, said, 1+writers*each)
			total := 0
			for _, o := range others {
				_, events := b.stored(t, "", o.ID)
				total += len(events) - 1
			}
			require.Equal(t, writers*each, total)
			counts, err := b.Count(ann(), itsm.Query[Ticket]{})
			require.NoError(t, err)
			require.EqualValues(t, 1+len(others)+each, counts.Total, "16 writers opened each under one key")
			numbers := map[string]bool{}
			for rec, err := range b.All(ann(), itsm.Query[Ticket]{}) {
				require.NoError(t, err)
				require.False(t, numbers[rec.Number], rec.Number)
				numbers[rec.Number] = true
			}
		})
	}
}

// plain returns a desk on the same store without the wrapper, which is not for concurrent use.
func (b *bench) plain(t *testing.T) *itsm.Desk[Ticket] {
	d, err := itsm.NewDesk(b.Kind(), itsm.Config[Ticket]{Repository: b.repo.Repository, Policy: everything, Retries: 1000})
	require.NoError(t, err)
	return d
}

// TestEventSizes reports what events cost, and holds that the cost of one does not grow with its record.
func TestEventSizes(t *testing.T) {
	k := ticketKind(t)
	rec, opened, err := k.Apply(Ticket{}, Raise{Title: "Mail is down", Caller: "bo"}, itsm.Moment{Time: noon, Actor: &itsm.Actor{ID: "ann"}})
	require.NoError(t, err)
	for i := range itsm.MaxList {
		rec.Parts = append(rec.Parts, Part{ID: fmt.Sprintf("%05d", i), Name: "a part"})
	}
	rec.Tags = []string{"a", "b", "c"}
	rec, e, err := k.Apply(rec, DoPause{Reason: "lunch"}, itsm.Moment{Time: noon, Actor: &itsm.Actor{ID: "ann"}})
	require.NoError(t, err)
	require.Len(t, e.Changes, 2, "the pause, and the score that follows from the tags")
	size := func(e itsm.Event) int {
		raw, err := json.Marshal(e)
		require.NoError(t, err)
		return len(raw)
	}
	_, link, err := k.Apply(rec, itsm.Relate[Ticket]{Type: "affects", To: itsm.Ref{Kind: "asset", ID: itsm.NewID(noon)}}, itsm.Moment{Time: noon, Actor: &itsm.Actor{ID: "ann"}})
	require.NoError(t, err)
	require.Len(t, link.Changes, 1)
	t.Logf("as JSON: opening %d bytes, pausing %d, a link %d", size(opened), size(e), size(link))
	require.Less(t, size(e), 600)
	require.Less(t, size(link), 600)
}
