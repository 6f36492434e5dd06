package torture_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/storetest"
)

// TestSameAnswers has one client make the same calls of every store, by chance: actions that are taken and refused, in
// transactions and beside them, erasures, searches and pages, fields that come and go. Each store gives the same answer to
// each call, its errors and its cursors included. The store in memory says which: what the right answer is, the suite holds.
func TestSameAnswers(t *testing.T) {
	for seed := range uint64(rounds(4, 1)) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			var players []*player
			for _, s := range subjects() {
				players = append(players, newPlayer(s.name, s.openFresh(t)))
			}
			m := &mover{Rand: rand.New(rand.NewPCG(seed, 11))}
			kinds := map[string]int{}
			for n := range 900 {
				name, move := m.move(true)
				want := ""
				for _, p := range players {
					p.now = p.now.Add(time.Duration(1+m.n%3) * time.Second)
					got := p.answer(t.Context(), move)
					if p == players[0] {
						want = got
					}
					require.Equal(t, want, got, "call %d, %s: %s answers otherwise than memory", n, name, p.name)
				}
				if kinds[name+" refused"]++; !strings.HasPrefix(want, "error: ") {
					kinds[name+" refused"]--
					kinds[name+" done"]++
				}
				m.n++
			}
			for _, what := range []string{"open done", "open refused", "do done", "do refused", "transaction done", "transaction refused", "find done", "find refused", "redact done", "purge done", "since done", "use done"} {
				require.Greater(t, kinds[what], 2, "%s: the test has become weak: %v", what, kinds)
			}
		})
	}
}

// player makes calls of one store. Its clock and its IDs are those of all players.
type player struct {
	name   string
	o      *opened
	things *itsm.Desk[storetest.Thing]
	others *itsm.Desk[storetest.Other]
	now    time.Time
	made   uint64
	ids    []itsm.ID
	seen   itsm.Position
	cursor string
}

func newPlayer(name string, o *opened) *player {
	p := &player{name: name, o: o, now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return p.now }
	id := func(at time.Time) (id itsm.ID) {
		p.made++
		id = itsm.NewID(at)
		binary.BigEndian.PutUint64(id[8:], 1<<63|p.made)
		id[6], id[7] = 0x70, 0
		p.ids = append(p.ids, id)
		return id
	}
	var err error
	if p.things, err = itsm.NewDesk(storetest.Things(), itsm.Config[storetest.Thing]{Repository: o.things, Policy: itsm.AllowAll, Clock: clock, NewID: id}); err == nil {
		p.others, err = itsm.NewDesk(storetest.Others(), itsm.Config[storetest.Other]{Repository: o.others, Policy: itsm.AllowAll, Clock: clock, NewID: id})
	}
	if err != nil {
		panic(err) // the configuration is constant
	}
	return p
}

// move is a call, the same for each player.
type move func(ctx context.Context, p *player) (any, error)

// answer makes a call and returns what it gave, as a text.
func (p *player) answer(ctx context.Context, m move) string {
	out, err := m(ctx, p)
	if err != nil {
		return "error: " + strings.ReplaceAll(err.Error(), p.name+": ", "store: ")
	}
	raw, err := json.Marshal(out)
	if err != nil {
		return "error: " + err.Error()
	}
	return string(raw)
}

// id returns the n-th ID that was made, modulo their number.
func (p *player) id(n int) itsm.ID {
	if len(p.ids) == 0 {
		return itsm.ID{1}
	}
	return p.ids[n%len(p.ids)]
}
