module github.com/itsmkit/itsm/calendar/holidays

go 1.26

require (
	github.com/itsmkit/itsm v0.0.0
	github.com/rickar/cal/v2 v2.1.29
	github.com/stretchr/testify v1.12.1
)

require go.yaml.in/yaml/v3 v3.0.5 // indirect

replace github.com/itsmkit/itsm => ../..
