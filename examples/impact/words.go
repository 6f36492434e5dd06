package main

import (
	"fmt"
	"strings"

	"github.com/itsmkit/itsm/asset/cmdb"
)

// nouns names what a relation leads to, in the plural.
var nouns = map[string]string{ // never written to
	"connects_to": "uplinks", "powered_by": "feeds", "cooled_by": "coolers", "runs_on": "machines", "has_member": "hosts",
	"depends_on": "instances", "uses": "services", "stored_on": "stores",
}

// verbs say that an item needs the one before, however many it has.
var verbs = map[string]string{ // never written to
	"connects_to": "is connected through it", "powered_by": "has its power from it", "cooled_by": "is cooled by it", "runs_on": "runs on it",
	"has_member": "consists of it", "depends_on": "depends on it", "uses": "uses it", "stored_on": "is stored on it",
	"located_in": "stands in it", "supplied_by": "is supplied by it", "covers": "covers it",
}

// words says why a step of a path is as it is.
func words(s cmdb.Step) string {
	noun := nouns[s.Relation]
	switch {
	case s.Relation == "":
		return "fails"
	case s.Need.Redundancy == cmdb.AllOf || noun == "":
		return verbs[s.Relation]
	case s.Need.Redundancy == cmdb.Weighted && s.Failed > 0:
		return fmt.Sprintf("%d of %d cores down, needs %d", s.Failed, s.Inputs, s.Need.Min)
	case s.Inputs == 1:
		return "has no other " + strings.TrimSuffix(noun, "s")
	case s.State == cmdb.Down && s.Need.Redundancy == cmdb.KOfN:
		return fmt.Sprintf("%d of %d %s down, needs %d", s.Failed, s.Inputs, noun, s.Need.Min)
	case s.Failed > 0:
		return fmt.Sprintf("%d of %d %s down", s.Failed, s.Inputs, noun)
	}
	return fmt.Sprintf("one of %d %s weakened", s.Inputs, noun)
}

// brief shortens words where there is little room.
func brief(words string) string {
	for _, unit := range []string{" cores", " machines"} {
		words = strings.Replace(words, unit, "", 1)
	}
	if len(words) > wordLetters {
		words = strings.Replace(words, " of ", "/", 1)
	}
	return strings.Replace(words, "is connected through", "connects through", 1)
}

// stateWords names a state for people.
func stateWords(s cmdb.State) string { return strings.ReplaceAll(string(s), "_", " ") }
