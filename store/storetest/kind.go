package storetest

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/lifecycle"
)

// The states of things and of others.
const (
	StateOpen lifecycle.State = "open"
	StateHeld lifecycle.State = "held"
	StateDone lifecycle.State = "done"
)

// The indexes of things.
func byTitle() itsm.Index[Thing, string] {
	return itsm.Text("title", func(t *Thing) string { return t.Content.Title })
}
func byCode() itsm.Index[Thing, string] {
	return itsm.Text("code", func(t *Thing) string { return t.Content.Code }).Unique()
}
func byGroup() itsm.Index[Thing, string] {
	return itsm.Text("group", func(t *Thing) string { return t.Content.Group }).Sparse()
}
func byLevel() itsm.Index[Thing, Level] {
	return itsm.Text("level", func(t *Thing) Level { return t.Content.Level })
}
func byFlag() itsm.Index[Thing, bool] {
	return itsm.Flag("flag", func(t *Thing) bool { return t.Content.Flag })
}
func byCount() itsm.Index[Thing, int] {
	return itsm.Number("count", func(t *Thing) int { return t.Content.Count })
}
func byBig() itsm.Index[Thing, int64] {
	return itsm.Number("big", func(t *Thing) int64 { return t.Content.Big }).Sparse()
}
func byAt() itsm.Index[Thing, time.Time] {
	return itsm.When("at", func(t *Thing) time.Time { return t.Content.At })
}
func byDue() itsm.Index[Thing, time.Time] {
	return itsm.When("due", func(t *Thing) time.Time { return t.Content.Due }).Sparse()
}
func byAbout() itsm.Index[Thing, itsm.Ref] {
	return itsm.Points("about", func(t *Thing) itsm.Ref { return t.Content.About }).Sparse()
}
func byTag() itsm.Index[Thing, string] {
	return itsm.Texts("tag", func(t *Thing) []string { return t.Content.Tags })
}
func byItem() itsm.Index[Thing, itsm.Ref] {
	return itsm.PointsEach("item", func(t *Thing) []itsm.Ref { return t.Content.Items })
}

// The attributes of things, one of each type. The note has no index: a check gives it one at run time.
func fieldNote() itsm.Field { return itsm.Field{Key: "note", Type: itsm.FieldText} }
func fieldSerial() itsm.Field {
	return itsm.Field{Key: "serial", Type: itsm.FieldNumber, Unique: true}
}
func fieldPrice() itsm.Field { return itsm.Field{Key: "price", Type: itsm.FieldNumber, Indexed: true} }
func fieldVIP() itsm.Field   { return itsm.Field{Key: "vip", Type: itsm.FieldBoolean, Indexed: true} }
func fieldBought() itsm.Field {
	return itsm.Field{Key: "bought", Type: itsm.FieldDate, Indexed: true}
}
func fieldSeen() itsm.Field { return itsm.Field{Key: "seen", Type: itsm.FieldInstant, Indexed: true} }
func fieldFloor() itsm.Field {
	return itsm.Field{Key: "floor", Type: itsm.FieldChoice, Choices: []string{"ground", "first"}, Indexed: true,
		Default: json.RawMessage(`"ground"`)}
}
func fieldSite() itsm.Field {
	return itsm.Field{Key: "site", Type: itsm.FieldReference, Indexed: true}
}

var things = sync.OnceValues(newThings)

// Things returns the kind of [Thing].
func Things() *itsm.Kind[Thing] { return made(things) }

func newThings() (*itsm.Kind[Thing], error) {
	live := []lifecycle.State{StateOpen, StateHeld}
	table, err := lifecycle.New([]lifecycle.Rule{
		{On: "create", From: []lifecycle.State{""}, To: StateOpen},
		{On: "put", From: live, Stay: true},
		{On: "hold", From: []lifecycle.State{StateOpen}, To: StateHeld},
		{On: "release", From: []lifecycle.State{StateHeld}, To: StateOpen},
		{On: "finish", From: live, To: StateDone},
		{On: "reopen", From: []lifecycle.State{StateDone}, To: StateOpen},
		{On: "comment", From: []lifecycle.State{StateOpen, StateHeld, StateDone}, Stay: true},
		{On: "relate", From: live, Stay: true},
		{On: "unrelate", From: live, Stay: true},
		{On: "set_attributes", From: live, Stay: true},
		{On: "review", From: live, Stay: true},
	}, StateDone)
	if err != nil {
		return nil, err
	}
	return itsm.NewKind("thing", itsm.Declaration[Thing]{
		Lifecycle: table,
		Actions: []itsm.Offer[Thing]{
			itsm.Do(Create{}), itsm.Do(Put{}), itsm.Do(Hold{}), itsm.Do(Release{}), itsm.Do(Finish{}), itsm.Do(Reopen{}),
			itsm.Do(itsm.Comment[Thing]{}), itsm.Do(itsm.Relate[Thing]{}), itsm.Do(itsm.Unrelate[Thing]{}),
			itsm.Do(itsm.SetAttributes[Thing]{}), itsm.Do(itsm.Review[Thing]{}),
		},
		Indexes: []itsm.Indexed[Thing]{
			byTitle(), byCode(), byGroup(), byLevel(), byFlag(), byCount(), byBig(), byAt(), byDue(), byAbout(), byTag(), byItem(),
			itsm.Then(byGroup(), byCount()), itsm.Then(byLevel(), byTitle()), itsm.Then(byTag(), byDue()),
			itsm.Then(byLevel(), byFlag(), byAt()),
		},
		Number: itsm.Numbering{Prefix: "TH", Digits: 4},
		Keyed:  []itsm.Keyed{{List: "content.tags"}, {List: "content.items"}, {List: "content.parts", By: []string{"id"}}},
		Long:   []string{"content.body"},
		Search: []string{"content.title", "content.body", "content.tags", "content.pause.reason"},
		Fields: []itsm.Field{fieldNote(), fieldSerial(), fieldPrice(), fieldVIP(), fieldBought(), fieldSeen(), fieldFloor(), fieldSite()},
		Review: func(t *Thing) *itsm.ReviewClock { return &t.Clock },
	})
}

// Other is a small record of a second kind in the same store. Its numbers have no gaps.
type Other struct {
	itsm.Header
	Name  string `json:"name,omitempty"`
	Count int    `json:"count,omitempty"`
}

// Found opens an other.
type Found struct {
	As string `json:"as,omitempty"`
}

// Name returns "found".
func (Found) Name() string { return "found" }

// Apply fills in the name.
func (a Found) Apply(o *Other, _ itsm.Moment) error {
	o.Name = a.As
	return nil
}

// Set changes the count of an other.
type Set struct {
	Count int `json:"count"`
}

// Name returns "set".
func (Set) Name() string { return "set" }

// Apply changes the count.
func (a Set) Apply(o *Other, _ itsm.Moment) error {
	o.Count = a.Count
	return nil
}

// Drop ends an other.
type Drop struct{}

// Name returns "drop".
func (Drop) Name() string { return "drop" }

// Apply does nothing.
func (Drop) Apply(*Other, itsm.Moment) error { return nil }

func byName() itsm.Index[Other, string] {
	return itsm.Text("name", func(o *Other) string { return o.Name }).Unique()
}

var others = sync.OnceValues(newOthers)

// Others returns the kind of [Other].
func Others() *itsm.Kind[Other] { return made(others) }

func newOthers() (*itsm.Kind[Other], error) {
	table, err := lifecycle.New([]lifecycle.Rule{
		{On: "found", From: []lifecycle.State{""}, To: StateOpen},
		{On: "set", From: []lifecycle.State{StateOpen}, Stay: true},
		{On: "drop", From: []lifecycle.State{StateOpen}, To: StateDone},
	}, StateDone)
	if err != nil {
		return nil, err
	}
	return itsm.NewKind("other", itsm.Declaration[Other]{
		Lifecycle: table,
		Actions:   []itsm.Offer[Other]{itsm.Do(Found{}), itsm.Do(Set{}), itsm.Do(Drop{})},
		Indexes:   []itsm.Indexed[Other]{byName()},
		Number:    itsm.Numbering{Prefix: "OT", Digits: 3, GapFree: true},
	})
}

// made returns a kind of this package; its declaration is constant and held by a test.
func made[T any](kind func() (*itsm.Kind[T], error)) *itsm.Kind[T] {
	k, err := kind()
	if err != nil {
		panic("storetest: " + err.Error())
	}
	return k
}
