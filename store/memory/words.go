package memory

// words numbers the texts that occur again and again in events: names of actions, states, paths, actors.
type words struct {
	number map[string]uint64
	text   []string
}

func (w *words) of(s string) uint64 {
	if n, ok := w.number[s]; ok {
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
