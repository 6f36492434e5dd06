package relational

import "strings"

// statement is a statement in the making, with its arguments.
type statement struct {
	strings.Builder
	dialect Dialect
	args    []any
}

// arg adds an argument and returns its parameter.
func (s *statement) arg(v any) string {
	s.args = append(s.args, v)
	return s.dialect.Param(len(s.args))
}

func (s *statement) add(parts ...string) {
	for _, p := range parts {
		s.WriteString(p)
	}
}
