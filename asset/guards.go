package asset

import "github.com/itsmkit/itsm"

// The guards say why an action is not possible now, whatever its input: the text of a grey button. Their codes are
// stable.

func isSingle(x *Asset, _ itsm.Moment) error {
	if x.Category == Consumable {
		return itsm.Deny("consumable", "want", "issue or replenish")
	}
	return nil
}

func isConsumable(x *Asset, _ itsm.Moment) error {
	if x.Category != Consumable || x.Stock == nil {
		return itsm.Deny("not_consumable", "category", string(x.Category))
	}
	return nil
}

func isGrant(x *Asset, _ itsm.Moment) error {
	if !x.Category.grants() {
		return itsm.Deny("not_a_licence", "category", string(x.Category))
	}
	return nil
}

func isThing(x *Asset, _ itsm.Moment) error {
	if x.Category != Hardware {
		return itsm.Deny("not_hardware", "category", string(x.Category))
	}
	return nil
}

func isPending(x *Asset, m itsm.Moment) error {
	switch {
	case x.Custody == nil || !x.Custody.Pending:
		return itsm.Deny("accepted_already")
	case x.Holder != m.Actor.ID:
		return itsm.Deny("not_the_holder", "holder", x.Holder)
	}
	return nil
}

func isHandedOut(x *Asset, _ itsm.Moment) error {
	if x.Custody == nil {
		return itsm.Deny("not_handed_out")
	}
	return nil
}

func isUnderMaintenance(x *Asset, _ itsm.Moment) error {
	if x.Maintenance == nil {
		return itsm.Deny("not_in_maintenance")
	}
	return nil
}
