package asset

import (
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/money"
)

// Maintain sends an asset to repair or service. Its holder keeps it.
type Maintain struct {
	Reason   string        `json:"reason"`
	Supplier itsm.Ref      `json:"supplier,omitzero"`
	BackBy   calendar.Date `json:"back_by,omitzero"`
}

// Name returns "maintain".
func (Maintain) Name() string { return "maintain" }

// Apply begins the maintenance.
func (a Maintain) Apply(x *Asset, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	x.Maintenance = &Maintenance{Reason: a.Reason, Supplier: a.Supplier, Since: m.Time, BackBy: a.BackBy, From: x.State}
	return nil
}

// Return ends a maintenance: the asset is again where it was before, or in stock as by [CheckIn].
type Return struct {
	ToStock bool   `json:"to_stock,omitempty"`
	Text    string `json:"text,omitempty"`
}

// Name returns "return".
func (Return) Name() string { return "return" }

// Apply ends the maintenance.
func (a Return) Apply(x *Asset, m itsm.Moment) error {
	x.State = x.Maintenance.From
	if a.ToStock {
		x.State = InStock
	}
	if x.State == InStock {
		x.takeBack()
	}
	x.Maintenance = nil
	m.Say(a.Text, false)
	return nil
}

// ReportLost says that the asset cannot be found.
type ReportLost struct {
	Text   string `json:"text"`
	Report string `json:"report,omitempty"` // the number of an insurance report
}

// Name returns "report_lost".
func (ReportLost) Name() string { return "report_lost" }

// Apply notes the loss and ends custody, maintenance and reservations.
func (a ReportLost) Apply(x *Asset, m itsm.Moment) error { return x.lose(a.Text, a.Report, m) }

// ReportStolen says that the asset was stolen.
type ReportStolen struct {
	Text   string `json:"text"`
	Report string `json:"report,omitempty"` // the number of the police report
}

// Name returns "report_stolen".
func (ReportStolen) Name() string { return "report_stolen" }

// Apply notes the theft and ends custody, maintenance and reservations.
func (a ReportStolen) Apply(x *Asset, m itsm.Moment) error { return x.lose(a.Text, a.Report, m) }

func (x *Asset) lose(text, report string, m itsm.Moment) error {
	if strings.TrimSpace(text) == "" {
		return itsm.Invalid("text", "required", "want", "how it was lost")
	}
	loss := &Loss{At: m.Time, Text: text, Report: report, Holder: x.Holder, From: x.State}
	if x.Loss != nil { // lost before it was known to be stolen
		loss.Holder, loss.From = x.Loss.Holder, x.Loss.From
	}
	x.Loss = loss
	x.release()
	return nil
}

// release ends everything that somebody has with the asset.
func (x *Asset) release() {
	x.Holder, x.Custody, x.Maintenance, x.Reservations = "", nil, nil, nil
}

// Recover says that a lost or stolen asset is here again.
type Recover struct {
	Location string `json:"location"`
	Text     string `json:"text,omitempty"`
}

// Name returns "recover".
func (Recover) Name() string { return "recover" }

// Apply takes it into stock.
func (a Recover) Apply(x *Asset, m itsm.Moment) error {
	if a.Location == "" {
		return itsm.Invalid("location", "required")
	}
	x.Location, x.Loss, x.Retired = a.Location, nil, Ending{}
	m.Say(a.Text, false)
	return nil
}

// Retire takes an asset out of use for good; it waits for its disposal.
type Retire struct {
	Reason string `json:"reason"`
}

// Name returns "retire".
func (Retire) Name() string { return "retire" }

// Apply ends the use.
func (a Retire) Apply(x *Asset, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	x.Retired = Ending{At: m.Time, Reason: a.Reason}
	x.release()
	return nil
}

// Reinstate takes a retired asset back into stock.
type Reinstate struct {
	Reason string `json:"reason"`
}

// Name returns "reinstate".
func (Reinstate) Name() string { return "reinstate" }

// Apply undoes the retirement.
func (a Reinstate) Apply(x *Asset, m itsm.Moment) error {
	if strings.TrimSpace(a.Reason) == "" {
		return itsm.Invalid("reason", "required")
	}
	x.Retired = Ending{}
	m.Say(a.Reason, false)
	return nil
}

// Dispose says how a retired asset left. Where the class holds data it needs the evidence that nothing is left of it.
type Dispose struct {
	Method      DisposalMethod `json:"method"`
	To          string         `json:"to,omitempty"`
	Wiped       WipeMethod     `json:"wiped,omitempty"`
	WipedBy     string         `json:"wiped_by,omitempty"`
	Certificate string         `json:"certificate,omitempty"`
	Proceeds    money.Amount   `json:"proceeds,omitzero"`
}

// Name returns "dispose".
func (Dispose) Name() string { return "dispose" }

// Apply keeps the evidence.
func (a Dispose) Apply(x *Asset, m itsm.Moment) error {
	wiped := a.Wiped != "" && a.Wiped != NoData
	holdsData := x.Validated.HoldsData || known(m).Model.HoldsData(x.Class) // it may have been declared since
	switch {
	case a.Method == "":
		return itsm.Invalid("method", "required")
	case a.Method == WrittenOff:
		return itsm.Invalid("method", "other_action", "value", string(a.Method), "want", "write_off, of what is lost or stolen")
	case holdsData && a.Wiped == "":
		return itsm.Invalid("wiped", "required", "because", "class "+x.Class+" holds data")
	case (wiped || holdsData) && strings.TrimSpace(a.WipedBy) == "":
		return itsm.Invalid("wiped_by", "required")
	case wiped && strings.TrimSpace(a.Certificate) == "":
		return itsm.Invalid("certificate", "required")
	case !a.Proceeds.IsZero() && a.Proceeds.Sign() < 0:
		return itsm.Invalid("proceeds", "negative", "value", a.Proceeds.String())
	}
	x.Disposal = &Disposal{At: m.Time, Method: a.Method, To: a.To, Wiped: a.Wiped, WipedBy: a.WipedBy, Certificate: a.Certificate, Proceeds: a.Proceeds}
	return nil
}

// WriteOff gives a lost or stolen asset up.
type WriteOff struct {
	Reason   string       `json:"reason"`
	Proceeds money.Amount `json:"proceeds,omitzero"` // what the insurance paid
}

// Name returns "write_off".
func (WriteOff) Name() string { return "write_off" }

// Apply ends the asset.
func (a WriteOff) Apply(x *Asset, m itsm.Moment) error {
	switch {
	case strings.TrimSpace(a.Reason) == "":
		return itsm.Invalid("reason", "required")
	case !a.Proceeds.IsZero() && a.Proceeds.Sign() < 0:
		return itsm.Invalid("proceeds", "negative", "value", a.Proceeds.String())
	}
	x.Disposal = &Disposal{At: m.Time, Method: WrittenOff, Proceeds: a.Proceeds, Reason: a.Reason}
	return nil
}
