package snlog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseDate(t *testing.T) {
	for text, want := range map[string]string{
		"29/2/2016 01:16":  "2016-02-29T01:16",
		"01/12/2016 23:59": "2016-12-01T23:59",
		"1/1/0001 00:00":   "0001-01-01T00:00",
		"31/12/9999 23:59": "9999-12-31T23:59",
	} {
		got, ok := parseDate(text)
		require.True(t, ok, text)
		require.Equal(t, want, got.Format("2006-01-02T15:04"))
	}
	for _, text := range []string{
		"", "?", "31/2/2016 10:00", "29/2/2015 10:00", "0/1/2016 10:00", "1/0/2016 10:00", "1/13/2016 10:00",
		"32/1/2016 10:00", "1/1/0000 10:00", "1/1/2016 24:00", "1/1/2016 10:60", "1/1/16 10:00", "1/1/2016 9:00",
		"1/1/2016 10:0", "1/1/2016", "1/1/2016 10:00:00", " 1/1/2016 10:00", "1/1/2016  10:00", "2016-01-01 10:00",
		"001/1/2016 10:00", "1/1/2016 10:00 ", "-1/1/2016 10:00", "1/1/20166 10:00", "١/1/2016 10:00",
	} {
		_, ok := parseDate(text)
		require.False(t, ok, text)
	}
}

// FuzzParseDate compares the parser with that of the standard library, which is slower and less strict.
func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"29/2/2016 01:16", "31/2/2016 10:00", "1/1/0000 00:00", "9/9/2016 9:09", "1/1/2016 10:00.5"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := parseDate(s)
		want, err := time.Parse("2/1/2006 15:04", s)
		if ok {
			require.NoError(t, err)
			require.Equal(t, want, got)
			return
		}
		if err != nil || want.Year() == 0 {
			return
		}
		// The standard library takes more: spaces, an hour of one digit. The forms it writes are all taken here.
		for _, form := range []string{"2/1/2006 15:04", "02/1/2006 15:04", "2/01/2006 15:04", "02/01/2006 15:04"} {
			require.NotEqual(t, want.Format(form), s)
		}
	})
}
