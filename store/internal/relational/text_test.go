package relational

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStorable(t *testing.T) {
	kept := []string{"", "a", "é\u0301", "\ufffd", "\U0010ffff", "'"}
	require.True(t, storable(kept...))
	require.True(t, storable())
	for _, bad := range []string{"\x00", "a\x00", "\xff", "a\xc3", "\xed\xa0\x80"} {
		require.False(t, storable("a", bad), "%q", bad)
		require.Equal(t, kept, Storable(append([]string{bad}, kept...)))
	}
	require.Equal(t, []string{}, Storable(nil))
}
