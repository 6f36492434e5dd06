package calendar

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// FuzzParse: what is accepted answers, and its definition can be written and read again; what is refused names at least one
// problem.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"zone":"Europe/Berlin","hours":{"mon":[["09:00","17:00"]]},"closed":["2026-12-25"],"special":{"2026-12-24":[["09:00","12:00"]]}}`))
	f.Add([]byte(`{"zone":"UTC","hours":{"mon":[["09:00"]],"mon":null},"special":{"":[[]]},"x":1}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := Parse(text)
		if err != nil {
			var invalid *InvalidError
			require.ErrorAs(t, err, &invalid)
			require.NotEmpty(t, invalid.Problems)
			require.NotEmpty(t, err.Error())
			return
		}
		now := time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC)
		_, err = c.Elapsed(now, now.AddDate(0, 1, 0))
		require.NoError(t, err)
		d, ok := c.Definition()
		require.True(t, ok)
		written, err := json.Marshal(d)
		require.NoError(t, err)
		_, err = Parse(written)
		require.NoError(t, err, "%s", written)
	})
}

// FuzzAnswers compares the answers with the oracle.
func FuzzAnswers(f *testing.F) {
	names := zones(f)
	f.Add(uint64(1), uint16(0), int64(1743296400), int64(7200e9), int64(3600e9))
	f.Add(uint64(2), uint16(300), int64(-2e9), int64(1e14), int64(1))
	f.Fuzz(func(t *testing.T, seed uint64, zone uint16, second, length, amount int64) {
		const day = int64(24 * time.Hour)
		a := time.Unix(minSecond+10*daySeconds+floorMod(second, maxSecond-minSecond-20*daySeconds), floorMod(length, 1e9))
		r := rand.New(rand.NewPCG(seed, 0))
		d := randomDefinition(r, names[int(zone)%len(names)], a)
		b := a.Add(time.Duration(floorMod(length, 4*day)))
		compareWithOracle(t, mustNew(t, d), newOracle(t, d), a, b, time.Duration(floorMod(amount, day)))
	})
}
