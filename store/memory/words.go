package memory

// words numbers the texts that occur again and again in events: names of actions, states, paths, actors.
type words struct {
	number map[string]uint64
	text   []string
	recent [64]uint64 // numbers of words met lately, by their length and ends: most are met again at once
}

func (w *words) of(s string) uint64 {
	at := len(s) % 64
	if s != "" {
		at = (len(s)*7 ^ int(s[0]) ^ int(s[len(s)-1])*5) % 64
	}
	if n := w.recent[at]; n < uint64(len(w.text)) && w.text[n] == s {
		return n
	}
	if n, ok := w.number[s]; ok {
		w.recent[at] = n
		return n
	}
	if w.number == nil {
		w.number = map[string]uint64{}
	}
	n := uint64(len(w.text))
	w.number[s] = n
	w.text = append(w.text, s)
	return n
}
