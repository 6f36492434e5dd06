// Command gen writes the Unicode tables of the package internal/text.
//
// The normalisation data come from golang.org/x/text/unicode/norm, case folding from golang.org/x/text/cases and
// the categories from the standard library. Which version of Unicode these have depends on the version of Go that
// builds the generator; it refuses to mix versions.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

func main() {
	log.SetFlags(0)
	out := flag.String("o", "../tables.go", "the `file` to write")
	flag.Parse()
	source, err := generate()
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*out, source, 0o644); err != nil {
		log.Fatal(err)
	}
}

// generate returns the source of the tables.
func generate() ([]byte, error) {
	if unicode.Version != norm.Version || cases.UnicodeVersion != norm.Version {
		return nil, fmt.Errorf("versions of Unicode differ: %s in unicode, %s in cases, %s in norm",
			unicode.Version, cases.UnicodeVersion, norm.Version)
	}
	d, err := collect()
	if err != nil {
		return nil, err
	}
	return d.source()
}
