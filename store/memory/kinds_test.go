package memory_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/asset/supplier"
	"github.com/itsmkit/itsm/finance"
	"github.com/itsmkit/itsm/finance/budget"
	"github.com/itsmkit/itsm/finance/charging/invoice"
	"github.com/itsmkit/itsm/finance/depreciation/register"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/sla"
	"github.com/itsmkit/itsm/store/internal/kinds"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/itsmkit/itsm/store/storetest"
)

// TestKinds plays random actions of all kinds of the library.
func TestKinds(t *testing.T) {
	budgets, err := budget.NewKind(budget.Options{OwnApproval: true}) // one actor does everything
	require.NoError(t, err)
	play(t, incident.Kind(), kinds.Incident)
	play(t, sla.AgreementKind(), kinds.Agreement)
	play(t, sla.ClockKind(), kinds.Clock)
	play(t, finance.ChartKind(), kinds.Chart)
	play(t, finance.PeriodKind(), kinds.Period)
	play(t, finance.EntryKind(), kinds.Entry)
	play(t, budgets, kinds.Budget)
	play(t, invoice.Kind(), kinds.Invoice)
	play(t, register.Kind(), kinds.FixedAsset)
	play(t, asset.Kind(), kinds.Asset)
	play(t, asset.ModelKind(), kinds.ClassModel)
	play(t, supplier.Kind(), kinds.Supplier)
	play(t, supplier.ContractKind(), kinds.Contract)
	play(t, cmdb.ItemKind(), kinds.Item, kinds.Items)
	play(t, cmdb.RelationKind(), kinds.Relation, kinds.Relations)
	play(t, cmdb.BaselineKind(), kinds.Baseline, kinds.Seals)
	play(t, cmdb.CandidateKind(), kinds.Candidate)
}

func play[T any](t *testing.T, k *itsm.Kind[T], action func(*rand.Rand, *T) itsm.Action[T], desk ...func(*itsm.Config[T])) {
	t.Run(k.Name(), func(t *testing.T) {
		storetest.RunKind(t, k, func(*testing.T) itsm.Repository[T] { return memory.For(memory.New(), k) }, action, desk...)
	})
}
