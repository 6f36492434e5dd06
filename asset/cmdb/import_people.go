package cmdb

import (
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// people are the candidates of the source of an import: what persons have decided, and what they are to decide.
type people struct {
	of      *importing
	byClaim map[string]*Candidate
	batch   *itsm.Batch[Candidate] // nil: candidates are not kept
	pending []itsm.Write           // of the chunk under way
}

// load reads the candidates of the source.
func (p *people) load() error {
	d := p.of.d
	p.byClaim = map[string]*Candidate{}
	if d.Candidates == nil {
		return nil
	}
	p.batch = d.Candidates.Batch()
	return everyOf(p.of.ctx, d.config.Candidates, p.of.in, itsm.Where(CandidatesBySource.Is(p.of.how.Source)), func(c *Candidate) {
		p.byClaim[c.Claim] = c
	})
}

// claim is what a candidate is known by.
func (w *reading) claim(source string) string {
	if w.traits.key != "" {
		return w.traits.key
	}
	return short("row=" + source + "/" + strings.Join(slices.Collect(w.traits.each), " "))
}

// ask deals with a row that needs a person: it returns the item that one has decided for, or notes the candidate.
func (p *people) ask(w *reading, v *verdict, out *RowOutcome) (*Item, error) {
	out.Result, out.Why, out.Found = NeedsHuman, v.why, v.found
	claim := w.claim(p.of.how.Source)
	c := p.byClaim[claim]
	if c == nil {
		return nil, p.raise(Raise{Source: p.of.how.Source, Key: w.Key, Class: w.Class, Values: w.claims, Claim: claim, Why: v.why, Found: v.found}, out)
	}
	out.Candidate = c.Ref(CandidateName)
	same := c.Class == w.Class && slices.Equal(c.Values, w.claims)
	switch {
	case c.State == CandidateDiscarded && same && c.concerns(v.found):
		out.Result = Discarded
		return nil, nil
	case (c.State == CandidateMatched || c.State == CandidateCreated) && c.concerns(v.found):
		x, err := p.item(c.Item)
		if x != nil || err != nil {
			return x, err
		}
	case c.State == CandidateOpen && same && slices.Equal(c.Found, v.found) && p.of.d.config.Clock.Now().Sub(c.LastAt) < p.of.j.refresh(c.Source):
		return nil, nil
	}
	return nil, p.do(c, Renew{Class: w.Class, Values: w.claims, Why: v.why, Found: v.found})
}

// item returns an item that a person has decided for, or the one into which it was merged.
func (p *people) item(r itsm.Ref) (*Item, error) {
	for range 100 { // of merges in a row
		found, err := p.of.d.config.Items.Get(p.of.ctx, p.of.in, r.ID)
		if err != nil || len(found) == 0 || found[0] == nil || found[0].State != Merged {
			if len(found) == 0 {
				return nil, err
			}
			return found[0], err
		}
		r = found[0].MergedInto
	}
	return nil, nil
}

// settle closes the candidate of a row that the rules recognise by now.
func (p *people) settle(w *reading, item itsm.Ref) error {
	if len(p.byClaim) == 0 {
		return nil
	}
	c := p.byClaim[w.claim(p.of.how.Source)]
	if c == nil || c.State != CandidateOpen {
		return nil
	}
	return p.do(c, Match{Item: item})
}

func (p *people) raise(a Raise, out *RowOutcome) error {
	if p.batch == nil {
		return nil
	}
	c, err := p.batch.Open(p.of.ctx, a)
	if err != nil {
		return err
	}
	p.byClaim[c.Claim] = &c
	if !p.of.how.DryRun {
		out.Candidate = c.Ref(CandidateName)
	}
	return nil
}

func (p *people) do(c *Candidate, a itsm.Action[Candidate]) error {
	ctx := p.of.ctx
	if match, ok := a.(Match); ok {
		ctx = decided{match.Item}.with(ctx)
	}
	p.batch.Take(c)
	next, err := p.batch.Do(ctx, c.ID, a)
	if err == nil {
		p.byClaim[next.Claim] = &next
	}
	return err
}

// writes returns what the chunk does to candidates.
func (p *people) writes() []itsm.Write {
	if p.batch != nil {
		p.pending = p.batch.Writes()
	}
	return p.pending
}

// saved says that the candidates of the chunk are stored.
func (p *people) saved() {
	for _, w := range p.pending {
		c := w.Record.(*Candidate) // with the number that the store has drawn
		p.byClaim[c.Claim] = c
	}
	if p.pending = nil; p.batch != nil {
		p.batch.Discard()
	}
}

// undo forgets what the chunk made of candidates.
func (p *people) undo() error {
	if p.batch == nil || p.batch.Len() == 0 {
		return nil
	}
	p.pending = nil
	return p.load()
}
