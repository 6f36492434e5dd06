package archive

// places is a set of places: a bit for each, in pages that are made where they are needed.
type places struct {
	pages map[int64]*[64]uint64
	count int64
	last  int64
}

// add adds a place, or tells that it is there already.
func (p *places) add(place int64) bool {
	page := p.pages[place>>12]
	if page == nil {
		if p.pages == nil {
			p.pages = map[int64]*[64]uint64{}
		}
		page = new([64]uint64)
		p.pages[place>>12] = page
	}
	word, bit := &page[place>>6&63], uint64(1)<<(place&63)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	p.count, p.last = p.count+1, max(p.last, place)
	return true
}

func (p *places) has(place int64) bool {
	page := p.pages[place>>12]
	return page != nil && page[place>>6&63]&(1<<(place&63)) != 0
}
