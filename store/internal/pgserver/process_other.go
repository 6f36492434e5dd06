//go:build !unix

package pgserver

import (
	"os"
	"os/exec"
	"syscall"
)

// credential stands for a user, which a server is not run as here.
type credential struct{}

func programs() (string, error) { return "", ErrNone }

func base() string { return os.TempDir() }

func user() (*credential, error) { return nil, nil }

func give(string, *credential) error { return nil }

func attributes(*credential) *syscall.SysProcAttr { return nil }

func startKept(*exec.Cmd, chan<- struct{}) error { return ErrNone }

func killGroup(c *exec.Cmd) error { return c.Process.Kill() }
