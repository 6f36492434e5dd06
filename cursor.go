package itsm

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"strconv"
)

// A cursor is the place of the last record of a page, bound to the query: a digest of the query (8 bytes), the
// number and the ID of the place (8 and 16), its text, and a checksum (4), in base64 for URLs.
const (
	cursorHead = 8 + 8 + 16
	cursorTail = 4
)

// digest binds cursors to the query and the tenant. The permission to scan changes no result and does not count.
func (s *Selection) digest() [8]byte {
	b := make([]byte, 0, 256)
	text := func(t string) { b = append(binary.AppendUvarint(b, uint64(len(t))), t...) }
	key := func(k Key) {
		text(k.S)
		b = binary.AppendVarint(b, k.N)
	}
	q := s.query
	text(s.shape.name)
	text(s.in.Tenant)
	text(q.Text)
	text(string(q.Order.Index))
	b = strconv.AppendBool(b, q.Order.Desc)
	for _, c := range q.Where {
		text(string(c.Index))
		b = binary.AppendUvarint(strconv.AppendBool(b, c.In != nil), uint64(len(c.In)))
		for _, k := range c.In {
			key(k)
		}
		for _, k := range []*Key{c.Min, c.Max} {
			if b = strconv.AppendBool(b, k != nil); k != nil {
				key(*k)
			}
		}
	}
	sum := sha256.Sum256(b)
	return [8]byte(sum[:8])
}

// Cursor returns the cursor behind a record.
func (s *Selection) Cursor(rec any) string {
	p := s.Place(rec)
	b := make([]byte, 0, cursorHead+len(p.Key.S)+cursorTail)
	digest := s.digest()
	b = append(b, digest[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(p.Key.N))
	b = append(append(b, p.ID[:]...), p.Key.S...)
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return base64.RawURLEncoding.EncodeToString(b)
}

// Resume reads a cursor that the same query returned: the page begins behind that place. nil is the
// beginning.
func (s *Selection) Resume(cursor string) (*Place, error) {
	if cursor == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(b) < cursorHead+cursorTail {
		return nil, Invalid("cursor", "damaged", "want", "a cursor as it was returned")
	}
	body := b[:len(b)-cursorTail]
	if crc32.ChecksumIEEE(body) != binary.BigEndian.Uint32(b[len(body):]) {
		return nil, Invalid("cursor", "damaged", "want", "a cursor as it was returned")
	}
	if [8]byte(body[:8]) != s.digest() {
		return nil, Invalid("cursor", "other_query", "want", "the cursor of this query, or none")
	}
	p := &Place{Key: Key{N: int64(binary.BigEndian.Uint64(body[8:])), S: string(body[cursorHead:])}}
	copy(p.ID[:], body[16:])
	return p, nil
}

// HistoryCursor returns the cursor behind a version of a record's history, for [EventLog.History].
func HistoryCursor(of Ref, version int64) string {
	b := append([]byte("history:"), of.ID[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(version))
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return base64.RawURLEncoding.EncodeToString(b)
}

// ResumeHistory returns the version behind which a page of a record's history begins.
func ResumeHistory(of Ref, cursor string) (int64, error) {
	if cursor == "" {
		return 0, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(b) != 8+16+8+4 || crc32.ChecksumIEEE(b[:32]) != binary.BigEndian.Uint32(b[32:]) {
		return 0, Invalid("cursor", "damaged", "want", "a cursor as it was returned")
	}
	if string(b[:8]) != "history:" || ID(b[8:24]) != of.ID {
		return 0, Invalid("cursor", "other_query", "want", "the cursor of this history, or none")
	}
	return int64(binary.BigEndian.Uint64(b[24:32])), nil
}
