package pgserver

import "syscall"

// attributes are those of the server's process: a group of its own, which ends with the thread that started it.
func attributes(who *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: who, Setpgid: true, Pdeathsig: syscall.SIGQUIT}
}
