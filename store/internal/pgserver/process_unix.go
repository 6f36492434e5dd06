//go:build unix && !linux

package pgserver

import "syscall"

// attributes are those of the server's process: a group of its own.
func attributes(who *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: who, Setpgid: true}
}
