module github.com/itsmkit/itsm/examples

go 1.26

require (
	github.com/google/uuid v1.6.0
	github.com/itsmkit/itsm v0.0.0
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/looplab/fsm v1.0.3 // indirect
	github.com/shopspring/decimal v1.6.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
)

replace github.com/itsmkit/itsm => ../
