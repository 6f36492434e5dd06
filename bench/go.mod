module github.com/itsmkit/itsm/bench

go 1.26

require (
	github.com/Rhymond/go-money v1.0.15
	github.com/itsmkit/itsm v0.0.0
	github.com/itsmkit/itsm/examples v0.0.0
	github.com/looplab/fsm v1.0.3
	github.com/qmuntal/stateless v1.7.2
	github.com/rickar/cal/v2 v2.1.29
	github.com/shopspring/decimal v1.6.0
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/google/uuid v1.6.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
)

replace github.com/itsmkit/itsm => ../

replace github.com/itsmkit/itsm/examples => ../examples
