package focus

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/itsmkit/itsm/money"
)

// Digest is a fingerprint of all that a row says: 128 bits of a SHA-256. It does not depend on the order of columns, nor on
// how numbers and tags are written: 1.0 and 1.00 are one value.
type Digest [16]byte

// Digest returns the fingerprint of the charge.
func (c *Charge) Digest() Digest { return digest(c.appendValues(nil)) }

func digest(values []byte) Digest {
	sum := sha256.Sum256(values)
	return Digest(sum[:16])
}

// appendValues writes the values that are not null, each behind its column, with lengths so that nothing runs together.
func (c *Charge) appendValues(dst []byte) []byte {
	put := func(s string) { dst = append(binary.AppendUvarint(dst, uint64(len(s))), s...) }
	for i := range columns {
		value := columns[i].at(c)
		if isNull(value) {
			continue
		}
		put(columns[i].name)
		switch v := value.(type) {
		case *string:
			put(*v)
		case *Quantity:
			put(v.Value.String())
		case *money.Price:
			put(v.Number().String())
		case *time.Time:
			dst = binary.AppendVarint(dst, v.Unix())
			dst = binary.AppendVarint(dst, int64(v.Nanosecond()))
		case *Tags:
			dst = binary.AppendUvarint(dst, uint64(len(*v)))
			for _, t := range *v {
				put(t.Key)
				put(t.Value)
			}
		}
	}
	for _, x := range c.Custom {
		put(x.Column)
		put(x.Value)
	}
	return dst
}

// Keys gives charges keys for importing them once. It remembers what it has seen: some 20 bytes a charge. The zero value is
// ready. It is not for concurrent use.
type Keys struct {
	seen map[Digest]int
	buf  []byte
}

// Key returns the key of a charge: its digest in hexadecimal, and for the second and later charges that say the same a
// number, "…-2". It is at most 43 bytes. nth is that number: more than 1 for a charge that says what another said before,
// which may be a duplicate or be right.
func (k *Keys) Key(c *Charge) (key string, nth int) {
	if k.seen == nil {
		k.seen = map[Digest]int{}
	}
	k.buf = c.appendValues(k.buf[:0])
	d := digest(k.buf)
	k.seen[d]++
	key, nth = hex.EncodeToString(d[:]), k.seen[d]
	if nth > 1 {
		key += "-" + strconv.Itoa(nth)
	}
	return key, nth
}
