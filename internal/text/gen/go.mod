module github.com/itsmkit/itsm/internal/text/gen

go 1.26.0

require golang.org/x/text v0.43.0

replace github.com/itsmkit/itsm => ../../..
