package memory

import "github.com/itsmkit/itsm"

// maxJoined is how many joined texts a joiner remembers before it begins anew.
const maxJoined = 1 << 14

// joiner makes the keys of indexes. The key of a composite of two texts, such as group and priority, is a text
// that has to be joined. There are few of them beside the records, so those that were joined before are used
// again: the records share them, and an action takes no memory for the keys that it leaves and reaches.
type joiner struct{ known map[[2]string]string }

// isPair tells that an index is over two texts, each a single value.
func isPair(i itsm.IndexShape) bool {
	if len(i.Parts) != 2 {
		return false
	}
	for _, p := range i.Parts {
		if p.Type != itsm.TypeText || p.Multi {
			return false
		}
	}
	return true
}

// keys appends the keys of the i-th index of a record, as [itsm.Shape.Keys] does.
func (j *joiner) keys(k *kind, i int, rec any, dst []itsm.Key) []itsm.Key {
	if !k.pairs[i] {
		return k.shape.Keys(i, rec, dst)
	}
	from := len(dst)
	for _, p := range k.indexes[i].Parts {
		dst = k.shape.Values(p.Name, rec, dst)
	}
	if len(dst) != from+2 { // one of them is empty and left out
		return dst[:from]
	}
	pair := [2]string{dst[from].S, dst[from+1].S}
	if text, ok := j.known[pair]; ok {
		return append(dst[:from], itsm.Key{S: text})
	}
	dst = k.shape.Keys(i, rec, dst[:from])
	if j.known == nil || len(j.known) == maxJoined {
		j.known = map[[2]string]string{}
	}
	j.known[pair] = dst[from].S
	return dst
}

// forget drops what is remembered: a text that was redacted does not stay in memory.
func (j *joiner) forget() { j.known = nil }
