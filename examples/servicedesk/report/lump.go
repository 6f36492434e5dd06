package report

// lumped is one bar of a distribution whose tail is one bar.
type lumped struct {
	title string
	cases int
}

// lump lists every number of times up to the last one, those without cases too, and joins those beyond most.
func lump(list []Frequency, most int) []lumped {
	var bars []lumped
	for _, f := range list {
		times := max(min(f.Times, most+1), 0)
		for len(bars) <= times {
			bars = append(bars, lumped{title: number(len(bars))})
		}
		bars[times].cases += f.Cases
		if times > most {
			bars[times].title = number(most+1) + "+"
		}
	}
	return bars
}
