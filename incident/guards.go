package incident

import (
	"time"

	"github.com/itsmkit/itsm"
)

// The guards say why an action is not possible now, whatever its input: the text of a grey button. Their codes
// are stable.

func notAnothers(i *Incident, m itsm.Moment) error {
	if i.Assignee != "" && i.Assignee != m.Actor.ID {
		return itsm.Deny("assigned_to_another", "assignee", i.Assignee)
	}
	return nil
}

func isOverridden(i *Incident, _ itsm.Moment) error {
	if i.Override == nil {
		return itsm.Deny("not_overridden")
	}
	return nil
}

func hasParent(i *Incident, _ itsm.Moment) error {
	if i.Parent.IsZero() {
		return itsm.Deny("no_parent")
	}
	return nil
}

func noParentYet(i *Incident, _ itsm.Moment) error {
	if !i.Parent.IsZero() {
		return itsm.Deny("has_parent", "parent", i.Parent.String())
	}
	return nil
}

// due denies until an instant has come; the zero time never comes.
func due(at time.Time, m itsm.Moment) error {
	switch {
	case at.IsZero():
		return itsm.Deny("never_due")
	case m.Time.Before(at):
		return itsm.Deny("not_due", "at", at.Format(time.RFC3339))
	}
	return nil
}

func wakeIsDue(i *Incident, m itsm.Moment) error    { return due(i.wakeAt(), m) }
func closingIsDue(i *Incident, m itsm.Moment) error { return due(i.AutoCloseAt, m) }
func updateIsDue(i *Incident, m itsm.Moment) error  { return due(i.updateDue(), m) }

// withinWindow lets a closed incident be reopened for some time only; a resolved one always may be.
func (o *Options) withinWindow(i *Incident, m itsm.Moment) error {
	if i.State != Closed || o.ReopenWithin == Unlimited {
		return nil
	}
	if until := i.ClosedAt.Add(o.ReopenWithin.Std()); m.Time.After(until) {
		return itsm.Deny("reopen_window", "until", until.Format(time.RFC3339))
	}
	return nil
}

// mayEnd asks for the review of a major incident where the options demand it.
func (o *Options) mayEnd(i *Incident, _ itsm.Moment) error {
	if o.RequireReview && i.IsMajor() && i.Major.Review == nil {
		return itsm.Deny("review_required")
	}
	return nil
}

// byMajorManager leaves the closing of a major incident to its manager.
func byMajorManager(i *Incident, m itsm.Moment) error {
	if i.IsMajor() && i.Major.Manager != "" && i.Major.Manager != m.Actor.ID {
		return itsm.Deny("major_manager", "manager", i.Major.Manager)
	}
	return nil
}

func isMajor(i *Incident, _ itsm.Moment) error {
	if !i.IsMajor() {
		return itsm.Deny("not_major", "status", string(i.majorStatus()))
	}
	return nil
}

// notMajor keeps a major incident from becoming the child of another one: it is demoted first.
func notMajor(i *Incident, _ itsm.Moment) error {
	if i.IsMajor() {
		return itsm.Deny("is_major", "manager", i.Major.Manager)
	}
	return nil
}

func isProposed(i *Incident, _ itsm.Moment) error {
	if i.majorStatus() != Proposed {
		return itsm.Deny("not_proposed", "status", string(i.majorStatus()))
	}
	return nil
}

// mayBeMajor refuses what is on the track already, and children: their parent is the major incident.
func mayBeMajor(i *Incident, m itsm.Moment) error {
	if i.majorStatus() == Proposed {
		return itsm.Deny("proposed_already")
	}
	return mayBeAccepted(i, m)
}

func mayBeAccepted(i *Incident, _ itsm.Moment) error {
	switch {
	case i.IsMajor():
		return itsm.Deny("major_already")
	case !i.Parent.IsZero():
		return itsm.Deny("has_parent", "parent", i.Parent.String())
	}
	return nil
}
