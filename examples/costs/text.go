package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/itsmkit/itsm/money"
)

// text writes the report for people, at most 80 columns wide. Amounts are in euros.
func text(w io.Writer, r *Report) error {
	p := &page{}
	p.line("IT costs %d, from the suppliers' invoices to the customers' bills, in EUR", r.Year)
	p.sources(r)
	p.pools(r)
	p.services(r)
	p.bills(r)
	p.late(r)
	p.forward(r.Forward)
	p.backward(r.Backward)
	p.budgets(r)
	p.balance(r)
	p.title("What agrees to the coin")
	for _, c := range r.Checks {
		p.line("  %-60s %15s", c.What, figure(c.Amount))
	}
	_, err := w.Write(p.Bytes())
	return err
}

type page struct{ bytes.Buffer }

func (p *page) line(format string, values ...any) {
	p.WriteString(strings.TrimRight(fmt.Sprintf(format, values...), " ") + "\n")
}

func (p *page) title(text string) {
	p.line("\n%s\n%s", text, strings.Repeat("-", len(text)))
}

func (p *page) sources(r *Report) {
	p.title("Where costs come from")
	for _, s := range r.Sources {
		p.line("  %-30s %8d lines %15s", s.Origin, s.Lines, figure(s.Amount))
	}
}

func (p *page) pools(r *Report) {
	p.title("Pools: what they cost, and what of it nobody uses")
	p.line("  %-14s %13s %16s %11s %5s  %s", "", "own", "with the others", "idle", "%", "shared by")
	for _, x := range r.Pools {
		p.line("  %-14s %13s %16s %11s %5s  %s", x.Name, figure(x.Own), figure(x.Gross), dash(x.Idle), x.IdlePercent, x.Driver)
	}
}

func (p *page) services(r *Report) {
	p.title("Services: what a unit costs, and an incident")
	p.line("  %-18s %9s %-12s %10s %13s %9s", "", "units", "of a", "each", "in all", "idle")
	for _, x := range r.Services {
		p.line("  %-18s %9s %-12s %10s %13s %9s", x.Name, x.Units, x.Unit, figure(x.Each), figure(x.Cost), dash(x.Idle))
	}
	p.line("\n  At the planned price of %s a TB and month, files would cost %s.", r.Planned.Price, figure(r.Planned.Amount))
}

func (p *page) bills(r *Report) {
	p.title("Bills")
	for _, b := range r.Bills {
		p.line("  %s  %s  %-24s %-11s %15s", b.Number, b.On.Format("2 Jan 2006"), b.Customer, strings.ReplaceAll(b.Type, "_", " "), figure(b.Total))
	}
	p.line("\n  What they charge, in whole euros:\n")
	head := fmt.Sprintf("  %-18s", "")
	for _, c := range customers {
		head += fmt.Sprintf(" %9s", c.name)
	}
	p.line("%s", head)
	for _, s := range services {
		row := fmt.Sprintf("  %-18s", s.name)
		for _, b := range r.Bills[:len(customers)] {
			row += " " + fmt.Sprintf("%9s", euros(b.Lines[s.name]))
		}
		p.line("%s", row)
	}
	p.line("")
	for _, c := range r.Customers {
		p.line("  %-20s %5s seats, each %10s %17d incidents", c.Name, c.Units, figure(c.Each), c.Incidents)
	}
}

func (p *page) late(r *Report) {
	p.title("Usage that came late")
	p.line("  %s, %s TB of files in December, known in January.", r.Late.Record, r.Late.Quantity)
	p.line("  December is closed. The ledger says to an entry of that month:")
	p.wrap(r.Late.Refused)
	p.line("  So the bills stay, and what is different is billed in January:")
	for _, b := range r.Bills[len(customers):] {
		why := ""
		if b.Customer != r.Late.Customer {
			why = " (rounding gave a coin to another)"
		}
		p.line("  %s, %s for %s: %s%s.", b.Number, strings.ReplaceAll(b.Type, "_", " "), b.Customer, figure(b.Total), why)
	}
	p.line("  Idle cost of files is now %s instead of %s.", figure(r.Late.IdleNow), figure(r.Late.Idle))
}

// wrap writes a long text in lines.
func (p *page) wrap(text string) {
	row := "   "
	for word := range strings.FieldsSeq(text) {
		if len(row)+1+len(word) > 80 {
			p.line("%s", row)
			row = "   "
		}
		row += " " + word
	}
	p.line("%s", row)
}

func (p *page) forward(t Trace) {
	p.title("One line of an invoice, and where it went")
	p.line("  %-61s %15s", t.Of+": "+t.Text, figure(t.Amount))
	for _, s := range t.Shares {
		p.line("    %-38s %14s %% %17s", s.End, s.Percent, s.Amount)
	}
}

// shown is how many kinds of lines of a bill are printed.
const shown = 16

func (p *page) backward(t Trace) {
	p.title("One customer, and what it pays for")
	p.line("  %-61s %15s", fmt.Sprintf("%s: %s%d lines of entries", t.Of, t.Text, len(t.Shares)), figure(t.Amount))
	lines := len(t.Shares)
	for _, g := range t.Groups[:min(shown, len(t.Groups))] {
		p.line("    %-35s %6d lines %8s %% %14s", g.Text, g.Lines, g.Percent, g.Amount)
		lines -= g.Lines
	}
	if lines > 0 {
		p.line("    %-35s %6d lines", "and more", lines)
	}
}

func (p *page) budgets(r *Report) {
	p.title("Budgets")
	p.line("  %-26s %13s %14s %13s %8s", "", "planned", "spent", "left", "%")
	for _, b := range r.Budgets {
		p.line("  %-26s %13s %14s %13s %8s", b.Title, figure(b.Planned), figure(b.Cost), figure(b.Difference), b.Percent.Rat().FloatString(1))
	}
	p.line("\n  Alerts:")
	for _, a := range r.Alerts {
		p.line("  %6s  %-24s %-8s reached %3d %%: %12s", a.At.Format("2 Jan"), a.Budget, a.Threshold.Of, a.Threshold.Percent, figure(a.Value))
	}
}

func (p *page) balance(r *Report) {
	p.title("Trial balance")
	p.line("  %-4s %-40s %15s %15s", "", "", "debit", "credit")
	for _, a := range r.Balance {
		p.line("  %-4s %-40s %15s %15s", a.Account, a.Title, dash(a.Debit), dash(a.Credit))
	}
	p.line("  %-45s %15s %15s", "", figure(r.Debit), figure(r.Credit))
}

// figure is an amount without its currency: 1,234.50.
func figure(a money.Amount) string {
	return strings.TrimSuffix(money.Style{Group: ","}.Format(a), " EUR")
}

func dash(a money.Amount) string {
	if a.Sign() == 0 {
		return "-"
	}
	return figure(a)
}

// euros is an amount rounded to whole euros.
func euros(a money.Amount) string {
	if a.Sign() == 0 {
		return "-"
	}
	whole, _ := a.Prorate(1, 100, money.HalfUp)
	return fmt.Sprint(whole.Coins())
}
