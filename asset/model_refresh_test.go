package asset_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/itsmkit/itsm/store/memory"
)

// A model is compiled again when its record has changed, and only then.
func TestRefreshModel(t *testing.T) {
	ctx := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann", Tenant: "acme"})
	in := itsm.Scope{Tenant: "acme"}
	models := memory.For(memory.New(), asset.ModelKind())
	desk, err := itsm.NewDesk(asset.ModelKind(), itsm.Config[asset.ClassModel]{Repository: models, Policy: itsm.AllowAll})
	require.NoError(t, err)
	get := func(have *asset.Model) *asset.Model {
		m, err := asset.RefreshModel(ctx, models, in, "standard", have)
		require.NoError(t, err)
		return m
	}
	require.Same(t, asset.StandardModel(), get(nil))
	record, err := desk.Open(ctx, asset.Define{Model: "standard", Classes: asset.StandardClasses()})
	require.NoError(t, err)
	first := get(asset.StandardModel())
	require.Equal(t, 1, first.Edition)
	require.Same(t, first, get(first))

	_, err = desk.Do(ctx, record.ID, asset.DeclareClass{Class: asset.Class{Name: "drone", Extends: "hardware"}})
	require.NoError(t, err)
	second := get(first)
	require.Equal(t, 2, second.Edition)
	require.True(t, second.Is("drone", "hardware"))

	_, err = desk.Do(ctx, record.ID, asset.Withdraw{})
	require.NoError(t, err)
	require.Same(t, asset.StandardModel(), get(second))
}

// An edition that was rolled back may come again with other classes: what was compiled of it is not taken for it.
func TestRefreshModelLooksAtTheClasses(t *testing.T) {
	ctx, in := itsm.WithActor(context.Background(), itsm.Actor{ID: "ann", Tenant: "acme"}), itsm.Scope{Tenant: "acme"}
	defined := func(classes []asset.Class) itsm.Repository[asset.ClassModel] {
		models := memory.For(memory.New(), asset.ModelKind())
		desk, err := itsm.NewDesk(asset.ModelKind(), itsm.Config[asset.ClassModel]{Repository: models, Policy: itsm.AllowAll,
			NewID: func(time.Time) itsm.ID { return itsm.ID{6: 0x70, 8: 0x80, 15: 1} }})
		require.NoError(t, err)
		_, err = desk.Open(ctx, asset.Define{Model: "standard", Classes: classes})
		require.NoError(t, err)
		return models
	}
	ours := func(choices ...string) []asset.Class {
		return []asset.Class{{Name: "box", Category: asset.Hardware, Attributes: []asset.AttributeDefinition{{Key: "size", Type: itsm.FieldChoice, Choices: choices}}}}
	}
	have, err := asset.RefreshModel(ctx, defined(ours("s", "m")), in, "standard", nil)
	require.NoError(t, err)
	for _, c := range []struct {
		classes []asset.Class
		same    bool
	}{{ours("s", "m"), true}, {ours("s", "l"), false}, {ours("s"), false}, {append(ours("s", "m"), asset.Class{Name: "bag", Extends: "box"}), false}} {
		got, err := asset.RefreshModel(ctx, defined(c.classes), in, "standard", have)
		require.NoError(t, err)
		require.Equal(t, have.Of, got.Of)
		require.Equal(t, c.same, got == have)
		require.Len(t, got.Classes(), len(c.classes))
	}
}

// A desk compiles a tenant's model once an edition, not for each asset.
func TestFactsKeepTheModel(t *testing.T) {
	models := memory.For(memory.New(), asset.ModelKind())
	desk, err := itsm.NewDesk(asset.ModelKind(), itsm.Config[asset.ClassModel]{Repository: models, Policy: itsm.AllowAll})
	require.NoError(t, err)
	facts := asset.Facts(models, "")
	as := func(tenant string) context.Context {
		return itsm.WithActor(context.Background(), itsm.Actor{ID: "ann", Tenant: tenant})
	}
	model := func(tenant string) *asset.Model {
		known, err := facts(as(tenant), nil, asset.Register{})
		require.NoError(t, err)
		return known.(asset.Known).Model
	}
	records := map[string]asset.ClassModel{}
	for _, tenant := range []string{"acme", "other"} {
		records[tenant], err = desk.Open(as(tenant), asset.Define{Model: "standard", Classes: asset.StandardClasses()})
		require.NoError(t, err)
	}
	first := model("acme")
	require.NotSame(t, first, model("other"))
	require.Same(t, first, model("acme"))
	_, err = desk.Do(as("acme"), records["acme"].ID, asset.DropClass{Class: "desktop"})
	require.NoError(t, err)
	require.Equal(t, 2, model("acme").Edition)
	require.Equal(t, 1, model("other").Edition)
}
