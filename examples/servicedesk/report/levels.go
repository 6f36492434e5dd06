package report

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Levels is how the promises of service level agreements were kept.
type Levels struct {
	Terms       string        `json:"terms"`        // where the agreements in use come from
	Zone        string        `json:"zone"`         // in which months begin
	Promises    []Promise     `json:"promises"`     // each target of each agreement
	Attainment  []Attained    `json:"attainment"`   // by month, target and priority, in this order
	Misses      []Miss        `json:"worst_misses"` // the customers' clocks that were over time by most
	Escalations []Escalation  `json:"escalations"`  // by target, in the order in which they would have come
	WhatIf      []Alternative `json:"what_if"`      // in the order in which they were asked for
	Fit         *Fit          `json:"fit,omitempty"`
}

// Kept counts clocks. Those that were cancelled are left out.
type Kept struct {
	Met      int   `json:"met"`
	Missed   int   `json:"missed"`
	Breached int   `json:"breached"` // they go on, and count as missed
	Pending  int   `json:"pending"`  // they go on, and do not count
	Share    Share `json:"share"`    // met of those that count
}

// NewKept returns counts with their share.
func NewKept(met, missed, breached, pending int) Kept {
	return Kept{Met: met, Missed: missed, Breached: breached, Pending: pending, Share: ShareOf(met, met+missed+breached)}
}

// Counted is the number of clocks that count.
func (k Kept) Counted() int { return k.Met + k.Missed + k.Breached }

// Share is a part of a whole, 0 to 1; 0 of nothing.
type Share float64

// ShareOf returns a share.
func ShareOf(part, whole int) Share {
	if whole == 0 {
		return 0
	}
	return Share(float64(part) / float64(whole))
}

// Promise is a target of an agreement, and how it was kept.
type Promise struct {
	Agreement string `json:"agreement,omitempty"`
	Type      string `json:"type"` // sla, ola or uc
	Target    string `json:"target"`
	Title     string `json:"title"`
	Goal      Share  `json:"goal,omitempty"` // 0: none
	Kept
}

// Attained is how a target was kept in a month, for one priority ("" is none).
type Attained struct {
	Month     string `json:"month"` // "2026-03"
	Agreement string `json:"agreement"`
	Type      string `json:"type"`
	Target    string `json:"target"`
	Priority  string `json:"priority"`
	Kept
}

// Miss is a promise that was not kept, with its account.
type Miss struct {
	Number   string    `json:"number"`
	Title    string    `json:"title"` // of the case
	Target   string    `json:"target"`
	Priority string    `json:"priority"`
	State    string    `json:"state"` // of the clock
	Amount   Working   `json:"amount_seconds"`
	Elapsed  Working   `json:"elapsed_seconds"`
	Due      time.Time `json:"due"`
	Account  []Stretch `json:"account"` // what counted adds up to Elapsed
	Holders  []Holder  `json:"holders"` // most time first; they add up to Elapsed
}

// Stretch is a part of an account: its clock was at work, with so many closed times between, or it was not.
type Stretch struct {
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	Why     string    `json:"why"` // worked, waiting, stopped, restarted
	Counted Working   `json:"counted_seconds"`
	Closed  int       `json:"closed,omitempty"` // times without working hours in between
	By      string    `json:"by,omitempty"`     // who made it wait
}

// Holder is a group, and how much of a clock's time the case was with it.
type Holder struct {
	Group   string  `json:"group"`
	Elapsed Working `json:"elapsed_seconds"`
}

// Working is working time in seconds.
type Working float64

// WorkingOf returns d as working time.
func WorkingOf(d time.Duration) Working { return Working(d.Seconds()) }

// String returns working time in hours and minutes: "62 h 2 min". A day of it would have another length on every desk.
func (w Working) String() string {
	minutes := int(math.Round(math.Abs(float64(w)) / 60))
	sign := ""
	if w < 0 && minutes > 0 {
		sign = "−"
	}
	switch {
	case minutes >= 100*60, minutes >= 60 && minutes%60 == 0:
		return sign + number((minutes+30)/60) + " h"
	case minutes >= 60:
		return fmt.Sprintf("%s%d h %d min", sign, minutes/60, minutes%60)
	}
	return fmt.Sprintf("%s%d min", sign, minutes)
}

// Escalation is a threshold, how often clocks crossed it, and what would have been done then.
type Escalation struct {
	Agreement string     `json:"agreement"`
	Target    string     `json:"target"`
	Threshold string     `json:"threshold"`
	At        string     `json:"at"` // "75 %", "2 h before"
	Crossed   int        `json:"crossed"`
	Clocks    int        `json:"clocks"` // that crossed it, once or more
	Do        []Reaction `json:"do"`
}

// Reaction is something to do when a threshold is crossed.
type Reaction struct {
	Do   string `json:"do"` // notify, reassign, raise
	To   string `json:"to,omitempty"`
	Text string `json:"text,omitempty"`
}

// Alternative is how the same history would have ended under other terms.
type Alternative struct {
	Name     string    `json:"name"`
	Promises []Promise `json:"promises"`
	Judged   int       `json:"judged"` // cases with a verdict under either terms
	Better   int       `json:"better"` // missed in use, and met under these
	Worse    int       `json:"worse"`  // met in use, and missed under these
	Other    int       `json:"other"`  // with a verdict under one of the terms alone
	Examples []Example `json:"examples"`
}

// Changed is the number of cases whose verdict changes.
func (a Alternative) Changed() int { return a.Better + a.Worse + a.Other }

// Example is a case whose verdict changes, and why. A verdict is met or missed, or "" where there is none.
type Example struct {
	Number string `json:"number"`
	Was    string `json:"was"`
	Is     string `json:"is"`
	Why    string `json:"why"`
}

// Fit is the rule that explains a log's own verdicts best, and how well it does.
type Fit struct {
	File       string      `json:"file"` // that holds its terms
	Hours      string      `json:"hours"`
	Start      string      `json:"start"`
	Stop       string      `json:"stop"`
	Pauses     []string    `json:"pauses"`
	Closed     []string    `json:"closed,omitempty"` // dates that were found to be closed
	All        Agreed      `json:"all"`
	Later      Agreed      `json:"later"` // the later half of the cases, by a rule fitted to the earlier half alone
	Priorities []FitAmount `json:"priorities"`
	Rivals     []Rival     `json:"rivals"`
}

// Agreed counts verdicts that agree with a log's.
type Agreed struct {
	Cases int   `json:"cases"`
	Agree int   `json:"agree"`
	Share Share `json:"share"`
}

// NewAgreed returns counts with their share.
func NewAgreed(cases, agree int) Agreed {
	return Agreed{Cases: cases, Agree: agree, Share: ShareOf(agree, cases)}
}

// FitAmount is the amount of one priority. Any amount from Least and below Below explains as much; Below 0 is no bound.
type FitAmount struct {
	Priority string  `json:"priority"`
	Amount   Working `json:"amount_seconds"`
	Least    Working `json:"least_seconds"`
	Below    Working `json:"below_seconds,omitempty"`
	Agreed
}

// Rival is a rule that explains less.
type Rival struct {
	Hours  string   `json:"hours"`
	Start  string   `json:"start"`
	Stop   string   `json:"stop"`
	Pauses []string `json:"pauses"`
	Errors int      `json:"errors"`
}

// whole returns l without nil lists.
func (l *Levels) whole() *Levels {
	if l == nil {
		return nil
	}
	w := *l
	w.Promises, w.Attainment, w.WhatIf = list(w.Promises), list(w.Attainment), slices.Clone(list(w.WhatIf))
	w.Misses, w.Escalations = slices.Clone(list(w.Misses)), slices.Clone(list(w.Escalations))
	for i := range w.Misses {
		w.Misses[i].Account, w.Misses[i].Holders = list(w.Misses[i].Account), list(w.Misses[i].Holders)
	}
	for i := range w.Escalations {
		w.Escalations[i].Do = list(w.Escalations[i].Do)
	}
	for i := range w.WhatIf {
		w.WhatIf[i].Promises, w.WhatIf[i].Examples = list(w.WhatIf[i].Promises), list(w.WhatIf[i].Examples)
	}
	if w.Fit != nil {
		f := *w.Fit
		f.Pauses, f.Priorities, f.Rivals = list(f.Pauses), list(f.Priorities), slices.Clone(list(f.Rivals))
		for i := range f.Rivals {
			f.Rivals[i].Pauses = list(f.Rivals[i].Pauses)
		}
		w.Fit = &f
	}
	return &w
}
