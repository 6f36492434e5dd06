// Package kinds makes random actions of the library's own kinds, right and wrong, for the tests of every store: by
// storetest.RunKind a store shows that it holds them.
package kinds
