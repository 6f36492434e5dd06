package pgserver

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Variable is the environment variable with the connection string of a server to use instead of one of our own.
const Variable = "ITSM_POSTGRES"

// ErrNone says that there is no server and none can be started.
var ErrNone = errors.New("no PostgreSQL: neither its programs (initdb, postgres) are installed, nor does " + Variable + " name a server")

// Options are how a server is run.
type Options struct {
	Sync     bool              // with fsync: what is committed survives the end of the machine, not only of the server
	Settings map[string]string // others, as in postgresql.conf
}

// Server is a server that was started. It is not for use by several goroutines at once.
type Server struct {
	programs string
	dir      string
	port     int
	settings []string
	running  *exec.Cmd
	ended    chan struct{}
	log      *os.File
}

// Start makes a database cluster and starts a server for it. The caller stops it.
func Start(o Options) (*Server, error) {
	programs, err := programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(base(), "itsm-postgres-")
	if err != nil {
		return nil, err
	}
	s := &Server{programs: programs, dir: dir}
	if err := s.prepare(o); err != nil {
		os.RemoveAll(dir) //nolint:errcheck // the first error tells more
		return nil, err
	}
	if err := s.Restart(); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// prepare makes the cluster's files.
func (s *Server) prepare(o Options) error {
	who, err := user()
	if err != nil {
		return err
	}
	if err := give(s.dir, who); err != nil {
		return err
	}
	init := exec.Command(filepath.Join(s.programs, "initdb"), "-D", s.data(), "-U", "itsm", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	init.Dir = s.dir
	init.SysProcAttr = attributes(who)
	if out, err := init.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	if s.port, err = freePort(); err != nil {
		return err
	}
	s.settings = []string{"-D", s.data(), "-h", "127.0.0.1", "-p", strconv.Itoa(s.port), "-k", s.dir, "-c", "max_connections=300", "-c", "autovacuum=off",
		"-c", "shared_buffers=64MB", "-c", "fsync=" + strconv.FormatBool(o.Sync), "-c", "max_pred_locks_per_transaction=256"}
	for name, value := range o.Settings {
		s.settings = append(s.settings, "-c", name+"="+value)
	}
	s.log, err = os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	return err
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// DSN returns the connection string of a database.
func (s *Server) DSN(database string) string {
	return fmt.Sprintf("postgres://itsm@127.0.0.1:%d/%s?sslmode=disable", s.port, database)
}

// Restart starts the server again, after Kill, and waits until it takes connections.
func (s *Server) Restart() error {
	if s.running != nil {
		return errors.New("pgserver: the server is running")
	}
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		err := s.run()
		// The processes of a server that was killed end when they notice.
		if err == nil || time.Now().After(end) || !strings.Contains(err.Error(), "pre-existing shared memory block") {
			return err
		}
		if err := s.log.Truncate(0); err != nil {
			return err
		}
	}
}

// run starts the server and waits until it takes connections.
func (s *Server) run() error {
	who, err := user()
	if err != nil {
		return err
	}
	c := exec.Command(filepath.Join(s.programs, "postgres"), s.settings...)
	c.Dir = s.dir
	c.Stdout, c.Stderr = s.log, s.log
	c.SysProcAttr = attributes(who)
	ended := make(chan struct{})
	if err := startKept(c, ended); err != nil {
		return fmt.Errorf("pgserver: %w", err)
	}
	s.running, s.ended = c, ended
	return s.wait(30 * time.Second)
}

// wait waits for the line that the server writes into its file of the process when it is ready.
func (s *Server) wait(long time.Duration) error {
	for end := time.Now().Add(long); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		select {
		case <-s.ended:
			s.running = nil
			return fmt.Errorf("pgserver: the server ended: %s", s.logged())
		default:
		}
		lines := strings.Split(readFile(filepath.Join(s.data(), "postmaster.pid")), "\n")
		if len(lines) > 7 && lines[0] == strconv.Itoa(s.running.Process.Pid) && strings.TrimSpace(lines[7]) == "ready" {
			return nil
		}
	}
	return fmt.Errorf("pgserver: the server is not ready after %s: %s", long, s.logged())
}

// Kill ends the server at once, as a crash would. The processes that it has for its connections end when they notice.
func (s *Server) Kill() error {
	if s.running == nil {
		return nil
	}
	err := killGroup(s.running)
	<-s.ended
	s.running = nil
	// A process that was just being started for a connection has the port for a moment longer.
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		c, refused := net.DialTimeout("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)), time.Second)
		if refused != nil {
			return err
		}
		err = errors.Join(err, c.Close())
	}
	return errors.Join(err, errors.New("pgserver: the port still takes connections after the server was killed"))
}

// Stop ends the server and removes its files.
func (s *Server) Stop() error {
	var errs []error
	if s.running != nil {
		errs = append(errs, s.running.Process.Signal(syscall.SIGINT)) // a fast shutdown
		select {
		case <-s.ended:
			s.running = nil
		case <-time.After(10 * time.Second):
			errs = append(errs, s.Kill())
		}
	}
	if s.log != nil {
		errs = append(errs, s.log.Close())
	}
	return errors.Join(append(errs, os.RemoveAll(s.dir))...)
}

// logged returns the end of the server's log.
func (s *Server) logged() string {
	text := readFile(filepath.Join(s.dir, "log"))
	return text[max(0, len(text)-2000):]
}

func readFile(name string) string {
	raw, err := os.ReadFile(name)
	if err != nil {
		return ""
	}
	return string(raw)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close() //nolint:errcheck // nothing was written
	return l.Addr().(*net.TCPAddr).Port, nil
}
