package cmdb

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
)

// After 16,000 walks the marks of the first would count again; they are cleared before.
func TestEpochsRunOut(t *testing.T) {
	a, b := itsm.Ref{Kind: "item"}, itsm.Ref{Kind: "service"}
	g, err := Compile(StandardRules(), Each(Node{Ref: a}, Node{Ref: b}), Each(Edge{Source: b, Type: "uses", Target: a}))
	require.NoError(t, err)
	s := g.borrow()
	s.set(1, isDown)
	s.epoch = lastEpoch - 2
	s.set(0, isDown)
	for range 4 {
		s.next()
		require.EqualValues(t, unmarked, s.mark(0))
		require.EqualValues(t, unmarked, s.mark(1))
		g.fail(s, []int32{0}, becauseFailed)
		require.Len(t, s.down, 2)
	}
	require.Less(t, s.epoch, uint32(10))
}
