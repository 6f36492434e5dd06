package itsm

import (
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestDecimalKey holds the byte order of the keys against math/big, and that a key gives its number back.
func TestDecimalKey(t *testing.T) {
	number := rapid.OneOf(
		rapid.StringMatching(`-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?`),
		rapid.StringMatching(`-?[0-9](\.[0-9]{1,5})?[eE][-+]?[0-9]{1,3}`),
		rapid.SampledFrom([]string{"0", "-0", "0.0", "0e9", "1", "1.0", "1.00", "10", "100e-2", "-1", "-1.0", "0.1", "0.01", "-0.01", "9.99", "99.9", "1e9999", "1e-9999", "-1e9999", "123", "1234", "-123", "-1234"}),
	)
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		x, _ := new(big.Rat).SetString(a)
		y, _ := new(big.Rat).SetString(b)
		require.Equal(t, x.Cmp(y), strings.Compare(decimalKey(a), decimalKey(b)), "%s as %s, %s as %s", a, decimalKey(a), b, decimalKey(b))
		back, ok := decimalOf(decimalKey(a))
		require.True(t, ok)
		z, ok := new(big.Rat).SetString(back)
		require.True(t, ok, back)
		require.Zero(t, x.Cmp(z), "%s came back as %s", a, back)
		require.True(t, isNumber(back, 2*maxDigits, 2*maxExponent), back)
		require.Equal(t, decimalKey(a), decimalKey(back))
	})
	for _, wrong := range []string{"", "2", "x", "280000001", "28000000x1", "280000001x", above, "0~", "3800000011"} {
		_, ok := decimalOf(wrong)
		require.False(t, ok, wrong)
	}
	for number, want := range map[string]string{"12.50": "12.5", "-0.0": "0", "0.00001": "0.00001", "0.0000001": "1e-7", "1e40": "1e40", "100": "100", "-12e1": "-120"} {
		got, _ := decimalOf(decimalKey(number))
		require.Equal(t, want, got, number)
	}
}

// TestRename follows the longest declared path.
func TestRename(t *testing.T) {
	renamed := map[string]string{"/a": "/x", "/a/b": "/y/z"}
	for path, want := range map[string]string{"/a": "/x", "/a/c": "/x/c", "/a/b": "/y/z", "/a/b/d": "/y/z/d", "/ab": "/ab", "": "", "/q": "/q"} {
		require.Equal(t, want, rename(path, renamed))
		require.Equal(t, path, rename(path, nil))
	}
}

// TestClip cuts between characters.
func TestClip(t *testing.T) {
	require.Equal(t, "short", clip("short"))
	require.Equal(t, strings.Repeat("x", 79)+"\uFFFD…", clip(strings.Repeat("x", 79)+"ä"))
	require.Equal(t, "a\uFFFD", clip("a\xff"))
}
