package postgres

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// apart is the time between two notifications of a store at least. What is committed meanwhile is told of together:
// PostgreSQL lets transactions that notify commit only one after the other, so that one a write would hold up all.
const apart = 100 * time.Millisecond

// bell tells those who wait for events that there are new ones, behind their commit and in a transaction of its own.
type bell struct {
	mu      sync.Mutex
	due     bool      // a notification is to be sent, which tells of all that is committed until then
	last    time.Time // when one was sent
	closed  bool
	closing chan struct{}
	sending sync.WaitGroup
}

// Notify tells the processes that [Store.Wait] that there are new events. The store does so itself behind each commit of
// its own, if [Options.Notify] is set; a host that commits events by [Store.Join] calls it behind its commit. It returns
// at once: the notification is sent 100 ms or more behind the one before. It does nothing without Options.Notify.
func (s *Store) Notify() {
	if !s.options.Notify {
		return
	}
	b := &s.bell
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.due || b.closed {
		return
	}
	b.due = true
	wait := time.Until(b.last.Add(apart))
	b.sending.Go(func() { s.send(wait) })
}

// send sends a notification after a while, or at once when the store is closed. One that gets lost is made good by the
// time that a reader waits at most.
func (s *Store) send(wait time.Duration) {
	b := &s.bell
	select {
	case <-time.After(wait):
	case <-b.closing:
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	c, err := s.pool.Acquire(ctx)
	b.mu.Lock()
	b.due, b.last = false, time.Now()
	b.mu.Unlock()
	if err != nil {
		return
	}
	defer c.Release()
	c.Exec(ctx, "SELECT pg_notify($1::text, '')", s.channel()) //nolint:errcheck // see above
}

// channel is the name of the notifications of a store.
func (s *Store) channel() string { return fmt.Sprintf("itsm_%016x", uint64(s.turn())) }

// close sends what is due and ends the bell.
func (b *bell) close() {
	b.mu.Lock()
	if !b.closed {
		b.closed = true
		close(b.closing)
	}
	b.mu.Unlock()
	b.sending.Wait()
}
