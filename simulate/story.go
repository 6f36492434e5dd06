package simulate

import "math/rand/v2"

// writer turns drafts into cases, one after the other.
type writer struct {
	options Options
	r       *rand.Rand
	cast    *cast
	events  []event
	entered []int64 // when each state of the path begins

	// Of the case at hand.
	d       *draft
	c       *Case
	symptom *symptom
	team    int    // the group that knows the service
	group   int    // that has the case
	agent   string // who has it, if anybody
	holding byte   // why it is on hold, 0 if it is not
	moved   int    // how often it was assigned
	written int    // comments
	note    int    // where in the notes its comments begin
	asked   int    // questions to the caller
}

// write fills in a case.
func (w *writer) write(d *draft, c *Case) {
	s := symptomAt(d.symptom)
	from := w.cast.callers[w.cast.calls.pick(w.r)]
	home := &sites[from.site]
	w.d, w.c, w.symptom = d, c, s
	w.group, w.agent, w.holding, w.moved, w.written, w.asked = w.desk(home), "", 0, 0, 0, 0
	w.note, w.team = w.r.IntN(len(workNotes)), groupNamed(s.team)
	if s.team == workplaceTeam {
		w.team = home.workplace()
	}
	*c = Case{
		Opened: w.options.moment(d.opened), OpenedBy: w.cast.agent(w.r, w.group),
		Caller: from.name, Channel: factChannel[d.channel].name,
		Title: s.titles[w.r.IntN(len(s.titles))], Description: s.says + pick(w.r, closings[:]),
		Category: s.category, Subcategory: s.subcategory, Service: s.service,
		Item: item(s.item, from, home), Location: home.name,
		Recorded: stateOf(d.letters()[0]),
	}
	c.Impact, c.Urgency = factWeight[d.weight].impact, factWeight[d.weight].urgency
	if d.before >= 0 {
		first := factReprioritise[d.before].from
		c.Impact, c.Urgency = first[0], first[1]
	}
	w.timeline(d)
	c.Steps = make([]Step, len(w.events))
	for i := range w.events {
		e := &w.events[i]
		step := &c.Steps[i]
		step.At, step.Kind = w.options.moment(e.at), e.kind
		w.tell(e, step)
	}
}

// desk returns the group that takes the call.
func (w *writer) desk(home *site) int {
	switch h := w.d.opened % day / hour; {
	case h < 6 || h >= 20:
		return nightDesk
	case home.desk == plantsDesk || w.r.IntN(3) > 0:
		return home.desk
	}
	return mainDesk
}

// tell writes one step.
func (w *writer) tell(e *event, s *Step) {
	s.By = w.agent
	switch e.kind {
	case Assign:
		w.assign(s)
		return
	case Close:
		w.close(s)
		return
	case Reopen:
		s.By, s.Text, s.Public = w.c.Caller, pick(w.r, reopenings[:]), true
		return
	case CallerReply:
		s.By, s.Text, s.Public = w.c.Caller, w.symptom.answer, true
		if w.asked > 1 {
			s.Text = pick(w.r, laterAnswers[:])
		}
		return
	}
	if w.agent == "" && (e.kind == Start || e.kind == Hold || e.kind == Resolve) {
		w.agent = w.cast.agent(w.r, w.group)
	}
	if s.By = w.agent; s.By == "" {
		s.By = w.cast.agent(w.r, w.group)
	}
	switch e.kind {
	case Start:
		s.Group, s.Person = groups[w.group].Name, w.agent
	case Hold:
		w.hold(e.letter, s)
	case Resume:
		s.Text = resumption(reasonOf(w.holding))
		w.holding = 0
	case Comment:
		w.comment(s)
	case Reprioritise:
		f := factReprioritise[w.d.before]
		s.Impact, s.Urgency, s.Text = f.to[0], f.to[1], "More are affected than was thought."
		if priorityOf(f.to[0], f.to[1]) > priorityOf(f.from[0], f.from[1]) {
			s.Text = "Fewer are affected than was thought."
		}
	case Escalate:
		s.Person, s.Text = pick(w.r, w.cast.managers), escalation(w.d)
	case LinkProblem:
		s.Code = number("PRB", w.d.problem)
	case LinkChange:
		s.Code = number("CHG", w.d.change)
	case Resolve:
		w.resolve(e, s)
	}
}

// assign gives the case to the next group. The desk passes it to those who know the service; from there it goes
// to those who build it, to a colleague's group by mistake, and back.
func (w *writer) assign(s *Step) {
	team, expert := w.team, groupNamed(w.symptom.expert)
	from := w.group
	switch first := w.moved == 0; {
	case first && w.d.moves == 0 && w.d.letters()[0] == 'N' && w.r.IntN(2) == 0:
		w.group = team // straight from the agent at the phone
	case first:
	case w.r.IntN(8) == 0 && w.moved < w.d.moves:
		for w.group == from {
			w.group = len(groups)/10 + w.r.IntN(len(groups)*9/10)
		}
		s.Text = "Please check; this looks like yours."
	case from != team:
		w.group = team
		s.Text = pick(w.r, handovers[:])
		if groups[from].Level > 1 {
			s.Text = pick(w.r, backHandovers[:])
		}
	default:
		w.group = expert
		s.Text = "Needs a look into the system itself."
	}
	if s.By == "" {
		s.By = w.cast.agent(w.r, from)
	}
	if w.moved == 0 {
		s.By = w.c.OpenedBy
	}
	w.moved++
	w.agent = ""
	switch {
	case w.moved == 1 && w.d.letters()[0] != 'N':
		w.agent = w.c.OpenedBy
	case w.r.IntN(2) == 0:
		w.agent = w.cast.agent(w.r, w.group)
	}
	s.Group, s.Person = groups[w.group].Name, w.agent
}

func (w *writer) hold(letter byte, s *Step) {
	w.holding = letter
	s.Reason = reasonOf(letter)
	switch s.Reason {
	case ForCaller:
		w.asked++
		s.Text, s.Public = w.symptom.ask, true
		if w.asked > 1 {
			s.Text = pick(w.r, laterQuestions[:])
		}
	case ForSupplier:
		s.Text = pick(w.r, supplierWaits[:])
	case ForProblem:
		s.Text = "Waits for the problem behind it."
		if w.d.problem > 0 {
			s.Text = "Waits for the problem " + number("PRB", w.d.problem) + "."
		}
	case ForEvidence:
		s.Text = "Tracing is switched on; waits until it happens again."
	}
}

func (w *writer) comment(s *Step) {
	w.written++
	switch {
	case w.holding == 'U':
		s.Text, s.Public = pick(w.r, reminders[:]), true
	case w.holding != 0:
		s.Text = pick(w.r, waitingNotes[:])
	case w.written == 1 && w.r.IntN(4) == 0:
		s.Text, s.Public = "We are working on it.", true
	default:
		s.Text = workNotes[(w.note+w.written)%len(workNotes)]
	}
}

func (w *writer) resolve(e *event, s *Step) {
	w.holding = 0
	code := &closures[w.d.code]
	s.Code, s.Public = code.label, true
	rest := ""
	switch code.how {
	case thenFix:
		rest = w.symptom.fix
	case thenWorkaround:
		rest = w.symptom.workaround
	}
	if e.at < w.d.opened+w.d.solve { // it will be reopened
		s.Code, s.Text = workedOver, w.symptom.workaround
		return
	}
	s.Text = code.text + rest
	if code.text != "" && rest != "" {
		s.Text = code.text + " " + rest
	}
}

// close ends the case: the caller confirms, or after five days nobody objected, or an agent tidies up later.
func (w *writer) close(s *Step) {
	const five = 5 * day
	switch {
	case w.d.wait < five:
		s.By, s.Text = w.c.Caller, "It works, thank you."
	case w.d.wait < five+2*hour:
		s.By, s.Text = System, "Closed five days after the resolution."
	case office(w.options, w.d.opened+w.d.solve+w.d.wait):
		s.By, s.Text = w.cast.agent(w.r, mainDesk), "Closed after a last question to the caller."
	default:
		s.By, s.Text = System, "Closed by the tidying of old entries."
	}
}
