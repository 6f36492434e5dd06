package incident

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/itsmkit/itsm"
)

// Cascade is the handler of an itsm.Relay by which children follow their parent:
//
//   - a parent that is resolved resolves its open children, duplicates among them;
//   - a parent that an agent reopens reopens the children that were resolved with it; a reopening by the parent's
//     own caller does not;
//   - a status update of a parent becomes a public comment on each child that is not closed;
//   - a child that joins a resolved parent is resolved;
//   - a parent with enough children comes on the major incident track, by the triggers with MinChildren.
//
// It is idempotent. A child whose lifecycle or guards refuse is left as it is, and so are the children of a parent that is
// cancelled.
type Cascade struct {
	Desk     *itsm.Desk[Incident]
	Triggers []Trigger // those of the kind's options
}

// Consumer returns "incident.cascade".
func (Cascade) Consumer() string { return "incident.cascade" }

// Kinds returns the incident.
func (Cascade) Kinds() []string { return []string{Name} }

// Handle does what follows from events, one by one.
func (c Cascade) Handle(ctx context.Context, events []itsm.Event) (int, error) {
	return itsm.Each(events, func(e itsm.Event) error { return c.follow(ctx, e) })
}

func (c Cascade) follow(ctx context.Context, e itsm.Event) error {
	switch {
	case e.To == Resolved && e.From != Resolved:
		return c.resolved(ctx, e)
	case (e.From == Resolved || e.From == Closed) && e.To != Resolved && e.To != Closed:
		return c.reopened(ctx, e)
	case e.Action == (PostUpdate{}).Name():
		return c.each(ctx, e.Subject, func(child *Incident) error {
			if child.State == Closed || child.State == Cancelled {
				return nil
			}
			_, err := c.Desk.Do(ctx, child.ID, Comment{Text: retold(e.Number, e.Note), Public: true},
				itsm.IdempotencyKey(e.ID()+"/"+child.ID.String()))
			return err
		})
	case e.Action == (SetParent{}).Name() || e.Action == (MarkDuplicate{}).Name():
		return c.joined(ctx, e)
	}
	return nil
}

func (c Cascade) resolved(ctx context.Context, e itsm.Event) error {
	parent, err := c.Desk.Get(ctx, e.Subject.ID)
	if err != nil || parent.State != Resolved && parent.State != Closed {
		return gone(err) // reopened since: the children stay as they are
	}
	return c.each(ctx, e.Subject, func(child *Incident) error { return c.resolve(ctx, child, &parent) })
}

// resolve resolves a child once for each resolution of its parent: an event that comes again does not overrule who has
// reopened the child since.
func (c Cascade) resolve(ctx context.Context, child, parent *Incident) error {
	if !child.IsOpen() {
		return nil
	}
	once := "resolved/" + parent.ID.String() + "/" + strconv.FormatInt(parent.Resolution.At.UnixMilli(), 10) + "/" + child.ID.String()
	_, err := c.Desk.Do(ctx, child.ID, Resolve{Code: parent.Resolution.Code, With: parent.Ref(Name),
		Text: retold("Resolved with "+parent.Number, parent.Resolution.Text)}, itsm.IdempotencyKey(once))
	return err
}

func (c Cascade) reopened(ctx context.Context, e itsm.Event) error {
	parent, err := c.Desk.Get(ctx, e.Subject.ID)
	if err != nil || !parent.IsOpen() || e.Actor.ID == parent.Caller {
		return gone(err)
	}
	return c.each(ctx, e.Subject, func(child *Incident) error {
		if child.Resolution.With != e.Subject {
			return nil
		}
		_, err := c.Desk.Do(ctx, child.ID, Reopen{Reason: retold(parent.Number+" was reopened", e.Note)})
		return err
	})
}

// joined resolves a child whose parent is resolved, and asks the triggers that count children.
func (c Cascade) joined(ctx context.Context, e itsm.Event) error {
	child, err := c.Desk.Get(ctx, e.Subject.ID)
	if err != nil || child.Parent.IsZero() {
		return gone(err)
	}
	parent, err := c.Desk.Get(ctx, child.Parent.ID)
	switch {
	case err != nil:
		return gone(err)
	case parent.State == Resolved || parent.State == Closed:
		return passed(c.resolve(ctx, &child, &parent))
	case !parent.IsOpen() || parent.Major != nil && parent.Major.Status != Proposed:
		return nil
	}
	children, err := c.Desk.Count(ctx, itsm.Where(ByParent.Is(child.Parent)))
	if err != nil {
		return err
	}
	for _, t := range c.Triggers {
		if t.MinChildren > 0 && t.fits(&parent, int(children.Total)) {
			return passed(c.raise(ctx, &parent, t, int(children.Total)))
		}
	}
	return nil
}

// raise brings a parent on the major incident track. One that the rule has proposed is accepted still: an earlier try may
// have come no further.
func (c Cascade) raise(ctx context.Context, parent *Incident, t Trigger, children int) error {
	if parent.Major == nil {
		if _, err := c.Desk.Do(ctx, parent.ID, ProposeMajor{Reason: t.reason(children), Trigger: t.Name}); err != nil {
			return err
		}
	} else if parent.Major.Status != Proposed || parent.Major.Trigger != t.Name {
		return nil
	}
	if t.Manager == "" {
		return nil
	}
	_, err := c.Desk.Do(ctx, parent.ID, AcceptMajor{Manager: t.Manager})
	return err
}

// each does something with each child. Those for which it is not possible are passed over.
func (c Cascade) each(ctx context.Context, parent itsm.Ref, do func(*Incident) error) error {
	for child, err := range c.Desk.All(ctx, itsm.Where(ByParent.Is(parent))) {
		if err != nil {
			return err
		}
		if err := passed(do(&child)); err != nil {
			return fmt.Errorf("incident: cascade from %s to %s: %w", parent, child.Number, err)
		}
	}
	return nil
}

// passed drops the errors that say that there is nothing to do for a record, or that it was done, with a text that was
// redacted since.
func passed(err error) error {
	var done *itsm.ConflictError
	if errors.Is(err, itsm.ErrNotAllowed) || errors.Is(err, itsm.ErrNotFound) || errors.As(err, &done) && done.Key != "" {
		return nil
	}
	return err
}

// gone drops the error of a record that is no longer there.
func gone(err error) error {
	if errors.Is(err, itsm.ErrNotFound) {
		return nil
	}
	return err
}

// retold says to a child what was said to its parent, cut where the longest text is reached.
func retold(of, text string) string {
	s := of + ": " + text
	if len(s) > itsm.MaxText {
		s = strings.ToValidUTF8(s[:itsm.MaxText], "")
	}
	return s
}
