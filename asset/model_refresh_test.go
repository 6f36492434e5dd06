package asset_test

import (
	"context"
	"testing"

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
