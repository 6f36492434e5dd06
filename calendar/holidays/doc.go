// Package holidays gives the public holidays of countries and some of their regions, as calculated by
// github.com/rickar/cal.
//
//	closed, err := holidays.Closed("DE-BY", 2026, 2030)
//	definition.Close(closed...)
//
// Regions are named by their ISO 3166 code: a country ("FR") or a part of one ("DE-BY"); [Regions] lists them. The list of
// a part includes that of its country. The list of a country has what holds in all of it, with two exceptions: GB is England
// and Wales, and CA is what its federal government closes on. Where a law moves a holiday from a weekend to a working day,
// both dates are given.
//
// # Limits
//
// The rules are those that the library knows at its release, corrected where they are known to be wrong: years far from it,
// and holidays that a government orders for one year or that follow the sighting of the moon, may be missing. Check the
// dates before a contract depends on them; a host can add its own to the definition. Countries for which the library's
// rules do not hold are not listed.
package holidays
