package sla

import (
	"time"

	"github.com/itsmkit/itsm/calendar"
)

// meter is the arithmetic of a clock: what has counted before the running stretch, and where that began.
type meter struct {
	hours    *calendar.Calendar
	amount   time.Duration
	elapsed  time.Duration // before since
	since    time.Time     // the beginning of the running stretch
	running  bool
	breached time.Time // zero: not
}

// due returns the instant at which the amount is or was reached; it is asked of a running meter.
func (m *meter) due() (time.Time, error) {
	if m.elapsed >= m.amount {
		if !m.breached.IsZero() {
			return m.breached, nil
		}
		return m.since, nil
	}
	return m.hours.Due(m.since, m.amount-m.elapsed)
}

// settle counts the running stretch up to an instant. In time is up to and including the due instant.
func (m *meter) settle(at time.Time) error {
	if !m.running || !at.After(m.since) {
		return nil
	}
	counted, err := m.hours.Elapsed(m.since, at)
	if err != nil {
		return err
	}
	if m.breached.IsZero() && m.elapsed+counted >= m.amount {
		due, err := m.due()
		if err != nil {
			return err
		}
		if due.Before(at) {
			m.breached = due
		}
	}
	m.elapsed, m.since = m.elapsed+counted, at
	return nil
}

func (m *meter) pause(at time.Time) error {
	err := m.settle(at)
	m.running = false
	return err
}

func (m *meter) run(at time.Time) {
	if !m.running {
		m.since, m.running = at, true
	}
}
