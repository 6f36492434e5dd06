package sla

import "slices"

// Overlap tells whether two agreements of one type are equally specific and might cover the same record at some instant:
// then neither counts before the other. Two with conditions in Covers do not overlap if those exclude each other on their
// face: one field or fact that must have different values, or lie in ranges apart.
func Overlap(a, b *Agreement) bool {
	return a.Type == b.Type && a.Kind == b.Kind && a.rank() == b.rank() && meet(a, b)
}

// meet tells whether two agreements might cover the same record at some instant.
func meet(a, b *Agreement) bool {
	return (b.ValidUntil.IsZero() || a.ValidFrom.Before(b.ValidUntil)) && (a.ValidUntil.IsZero() || b.ValidFrom.Before(a.ValidUntil)) &&
		share(a.Services, b.Services) && share(a.Customers, b.Customers) && share(a.Groups, b.Groups) && !excludes(a.Covers, b.Covers)
}

// share tells whether two lists have a value in common; an empty one holds all.
func share[V comparable](a, b []V) bool {
	return len(a) == 0 || len(b) == 0 || slices.ContainsFunc(a, func(v V) bool { return slices.Contains(b, v) })
}

// excludes tells whether two conditions can be seen never to hold together. No condition excludes none.
func excludes(a, b Condition) bool {
	if a.IsZero() || b.IsZero() {
		return false
	}
	x, y := a.expr(), b.expr()
	return apart(x, y) || apart(y, x)
}

// apart is the judgement: false where it is not sure.
func apart(a, b expr) bool {
	switch {
	case a.op == opAll:
		return slices.ContainsFunc(a.of, func(x expr) bool { return apart(x, b) })
	case b.op == opAll:
		return slices.ContainsFunc(b.of, func(x expr) bool { return apart(a, x) })
	case a.op == opAny:
		return !slices.ContainsFunc(a.of, func(x expr) bool { return !apart(x, b) })
	case b.op == opAny:
		return !slices.ContainsFunc(b.of, func(x expr) bool { return !apart(a, x) })
	case a.op == opNot:
		return follows(b, a.of[0])
	case b.op == opNot:
		return follows(a, b.of[0])
	case a.op != b.op || a.name != b.name || a.op != opField && a.op != opFact:
		return false
	case a.in != nil && b.in != nil:
		return !share(a.in, b.in)
	case a.in != nil && b.exists == no || b.in != nil && a.exists == no:
		return !share(append(a.in[:len(a.in):len(a.in)], b.in...), zeroValues)
	case a.exists != unset && b.exists != unset:
		return a.exists != b.exists
	}
	return before(a.max, b.min) || before(b.max, a.min)
}

// before tells whether a range that ends with one value ends before another one begins.
func before(end, begin string) bool {
	x, ok := orderedOf(end)
	y, also := orderedOf(begin)
	return ok && also && x.isTime == y.isTime && x.compare(y) < 0
}

// follows tells whether a condition can be seen to hold wherever another one does.
func follows(from, to expr) bool {
	switch {
	case from.text() == to.text(), to.op == opAlways:
		return true
	case to.op == opAll:
		return !slices.ContainsFunc(to.of, func(x expr) bool { return !follows(from, x) })
	case from.op == opAny:
		return !slices.ContainsFunc(from.of, func(x expr) bool { return !follows(x, to) })
	case from.op == opAll:
		return slices.ContainsFunc(from.of, func(x expr) bool { return follows(x, to) })
	case to.op == opAny:
		return slices.ContainsFunc(to.of, func(x expr) bool { return follows(from, x) })
	case from.op == to.op && from.name == to.name && from.in != nil:
		return to.exists == yes && !share(from.in, zeroValues) || to.in != nil && !slices.ContainsFunc(from.in, func(v string) bool { return !slices.Contains(to.in, v) })
	}
	return false
}

// implied tells whether a condition can be seen to hold wherever another one does; no condition always holds.
func implied(from, to Condition) bool {
	return to.IsZero() || !from.IsZero() && follows(from.expr(), to.expr())
}
