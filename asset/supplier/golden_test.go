package supplier_test

import (
	"testing"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/supplier"
	"github.com/itsmkit/itsm/internal/golden"
	"github.com/stretchr/testify/require"
)

func TestRecordsStayReadable(t *testing.T) {
	b := newBureau(t)
	s, err := b.suppliers.Open(b.ctx(), supplier.Propose{Title: "Example Networks", Code: "4711", Owner: "ann", Contacts: []supplier.Contact{{Role: "desk", Name: "Dan", Email: "dan@example.com", Phone: "+1 555 0100"}}})
	require.NoError(t, err)
	s, err = b.suppliers.Do(b.ctx(), s.ID, supplier.Assess{Value: supplier.High, Risk: supplier.High, Reason: "the only line", ReviewEvery: itsm.Period{Months: 6}})
	require.NoError(t, err)
	golden.Record(t, supplier.Kind().Shape().Decode, "testdata/supplier_v1.json", s)

	terms := yearly(supplier.Automatic)
	terms.Delivers, terms.Agreements = []itsm.Ref{ref("ci", 1)}, []itsm.Ref{ref("agreement", 1)}
	c := b.signed(terms, supplier.Obligation{ID: "report", Text: "Monthly report", By: supplier.Them, From: on(2026, 1, 31), Every: itsm.Period{Months: 1}})
	c = b.do(c, supplier.Deliver{Obligation: "report", Due: on(2026, 1, 31), Evidence: "R-1"}, supplier.OpenDispute{ID: "d1", About: "invoice 7", By: supplier.Us, Amount: eur(500)})
	golden.Record(t, supplier.ContractKind().Shape().Decode, "testdata/contract_v1.json", c)
	c = b.do(c, supplier.Settle{ID: "d1", Outcome: "credited"}, supplier.Terminate{By: supplier.Us, Cause: true, Reason: "breach"})
	golden.Record(t, supplier.ContractKind().Shape().Decode, "testdata/contract_over_v1.json", c)
}

// The diagrams in docs are those of the tables.
func TestDiagrams(t *testing.T) {
	text := "# The lifecycles of suppliers and contracts\n\nGenerated from the tables in package `asset/supplier`; a test compares the two.\n\n## Supplier\n\n```mermaid\n" +
		supplier.Kind().Lifecycle().Mermaid() + "```\n\n## Contract\n\n```mermaid\n" + supplier.ContractKind().Lifecycle().Mermaid() + "```\n"
	golden.File(t, "../../docs/supplier-lifecycles.md", []byte(text))
}
