package torture_test

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What happens to a request on its way to the server, beside refused, dropped, cut and slow: the session of its connection is
// ended by an administrator before it comes.
const ended fault = "ended"

// line is a proxy between clients and a PostgreSQL server that lets requests meet faults. A request is what a client
// sends up to where it waits for the reply.
type line struct {
	server, address string
	terminate       func() // ends all sessions

	mu     sync.Mutex
	conns  map[net.Conn]bool
	kind   fault
	at     int // 1 is the next request
	seen   int
	met    bool
	cancel func() // ends the caller's context
}

// newLine puts a proxy before the server of a connection string, and returns it with the connection string that leads
// through it.
func newLine(t *testing.T, dsn string, terminate func()) (*line, string) {
	t.Helper()
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &line{server: u.Host, address: l.Addr().String(), terminate: terminate, conns: map[net.Conn]bool{}}
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wait.Go(func() { p.serve(c) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		p.hangUp()
		wait.Wait()
	})
	u.Host = p.address
	return p, u.String()
}

// arm lets the n-th request from now meet a fault.
func (p *line) arm(kind fault, n int, cancel func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kind, p.at, p.seen, p.met, p.cancel = kind, n, 0, false, cancel
}

// disarm lets all pass again, and tells whether a request met the fault.
func (p *line) disarm() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kind = ""
	return p.met
}

// meet returns what happens to a request.
func (p *line) meet() fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kind == "" {
		return ""
	}
	p.seen++
	if p.seen != p.at && (p.kind != refused || p.seen < p.at) {
		return ""
	}
	p.met = true
	return p.kind
}

// closed tells whether nobody gets through: from the request on that is refused.
func (p *line) closed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.kind == refused && p.met
}

func (p *line) keep(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns[c] = true
}

func (p *line) drop(c net.Conn) {
	p.mu.Lock()
	delete(p.conns, c)
	p.mu.Unlock()
	c.Close()
}

// hangUp cuts all connections.
func (p *line) hangUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		c.Close()
	}
}

// serve passes the messages of one connection on, until one side ends it.
func (p *line) serve(client net.Conn) {
	p.keep(client)
	defer p.drop(client)
	if p.closed() {
		return
	}
	server, err := net.Dial("tcp", p.server)
	if err != nil {
		return
	}
	p.keep(server)
	defer p.drop(server)
	var cutting sync.Mutex // held while a request is under way whose reply is to be cut
	halve := false
	go func() {
		defer p.drop(client)
		reply := make([]byte, 1<<16)
		for {
			n, err := server.Read(reply)
			if err != nil {
				return
			}
			cutting.Lock()
			half := halve
			cutting.Unlock()
			if half {
				client.Write(reply[:n/2]) //nolint:errcheck // it is cut anyway
				return
			}
			if _, err := client.Write(reply[:n]); err != nil {
				return
			}
		}
	}()
	for first := true; ; first = false {
		request, err := nextRequest(client, first)
		if err != nil {
			return
		}
		if !first {
			switch p.meet() {
			case refused:
				p.hangUp()
				return
			case dropped:
				return
			case ended:
				p.terminate()
			case slow:
				p.cancel()
				time.Sleep(5 * time.Millisecond)
			case cut:
				cutting.Lock()
				halve = true
				cutting.Unlock()
			}
		}
		if _, err := server.Write(request); err != nil {
			return
		}
	}
}

// nextRequest reads messages of the frontend up to one that asks for a reply: Query or Sync, Terminate, or the first of a
// connection, which has no type.
func nextRequest(r io.Reader, first bool) ([]byte, error) {
	var all []byte
	for {
		head := make([]byte, 5)
		if first {
			head = head[:4]
		}
		if _, err := io.ReadFull(r, head); err != nil {
			return nil, err
		}
		size := binary.BigEndian.Uint32(head[len(head)-4:])
		if size < 4 || size > 1<<28 {
			return nil, errors.New("the message has an impossible length")
		}
		body := make([]byte, size-4)
		if _, err := io.ReadFull(r, body); err != nil {
			return nil, err
		}
		all = append(append(all, head...), body...)
		if first || head[0] == 'Q' || head[0] == 'S' || head[0] == 'X' {
			return all, nil
		}
	}
}
