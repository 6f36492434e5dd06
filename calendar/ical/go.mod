module github.com/itsmkit/itsm/calendar/ical

go 1.26

require (
	github.com/arran4/golang-ical v0.3.4
	github.com/itsmkit/itsm v0.0.0
	github.com/stretchr/testify v1.12.1
	github.com/teambition/rrule-go v1.8.2
)

require go.yaml.in/yaml/v3 v3.0.5 // indirect

replace github.com/itsmkit/itsm => ../..
