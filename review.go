package itsm

import "time"

// ReviewClock is the part of a record that says when it must be looked at again: articles, agreements,
// contracts, risks and policies have one. The interval counts from the last review, or, before the first one,
// from the opening of the record; the kernel keeps Due.
type ReviewClock struct {
	Owner   string    `json:"owner,omitempty"`   // who reviews
	Every   Period    `json:"every,omitzero"`    // P12M; the zero period: never
	Last    time.Time `json:"last,omitzero"`     // the last review
	By      string    `json:"by,omitempty"`      // who did the last one
	Outcome string    `json:"outcome,omitempty"` // what came of it: "confirmed", "revised"
	Due     time.Time `json:"due,omitzero"`      // derived; zero: never
}

func (c *ReviewClock) derive(created time.Time) {
	switch {
	case c == nil:
	case c.Every.IsZero():
		c.Due = time.Time{}
	case c.Last.IsZero():
		c.Due = Instant(c.Every.After(created))
	default:
		c.Due = Instant(c.Every.After(c.Last))
	}
}

// IndexReviewDue is the index of a kind whose records are reviewed: the instant at which they are due. Records
// that are never reviewed are not in it.
const IndexReviewDue IndexName = "review_due"

// ByReviewDue is the handle on [IndexReviewDue].
func ByReviewDue[T any]() Index[T, time.Time] { return reviewDue[T](nil) }

func reviewDue[T any](clock func(*T) *ReviewClock) Index[T, time.Time] {
	return When(string(IndexReviewDue), func(r *T) time.Time {
		if c := clock(r); c != nil {
			return c.Due
		}
		return time.Time{}
	}).Sparse()
}
