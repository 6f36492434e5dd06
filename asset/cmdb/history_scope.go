package cmdb

import (
	"fmt"
	"slices"

	"github.com/itsmkit/itsm/asset"
)

// Scope says which items are looked at: those of some classes (and of the classes below them) in some environments. An
// empty list is no limit. A relation belongs to a scope where an item at one of its ends does.
type Scope struct {
	Classes      []string `json:"classes,omitempty"`
	Environments []string `json:"environments,omitempty"`
}

func (s Scope) isAll() bool { return len(s.Classes) == 0 && len(s.Environments) == 0 }

// check names what is wrong with a scope under a class model.
func (s Scope) check(m *asset.Model, path string) error {
	var c problemList
	for i, name := range s.Classes {
		c.check(m.Lineage(name) != nil, fmt.Sprintf("%s.classes[%d]", path, i), "unknown", "value", clip(name), "allowed", classNames(m))
		c.check(!slices.Contains(s.Classes[:i], name), fmt.Sprintf("%s.classes[%d]", path, i), "twice", "value", clip(name))
	}
	for i, name := range s.Environments {
		c.check(name != "", fmt.Sprintf("%s.environments[%d]", path, i), "required")
		c.check(!slices.Contains(s.Environments[:i], name), fmt.Sprintf("%s.environments[%d]", path, i), "twice", "value", clip(name))
	}
	return c.err()
}

// holds tells whether an item is in the scope.
func (s Scope) holds(m *asset.Model, x *Item) bool {
	return (len(s.Environments) == 0 || slices.Contains(s.Environments, x.Environment)) && (len(s.Classes) == 0 || isAny(m, x.Class, s.Classes))
}

// isAny tells whether a class is one of some, or below one. A class that the model has no longer is only itself.
func isAny(m *asset.Model, class string, of []string) bool {
	return slices.ContainsFunc(of, func(name string) bool { return class == name || m.Is(class, name) })
}

func classNames(m *asset.Model) string {
	var names []string
	for _, c := range m.Classes() {
		names = append(names, c.Name)
	}
	return list(names)
}
