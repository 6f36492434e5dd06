package cmdb

import "github.com/itsmkit/itsm"

// dry is what a dry run has made of unique values: the store, which keeps them unique, never sees it.
type dry struct{ unique map[string]itsm.ID }

// taken returns the error of the store for an item one of whose unique values another item has; nil where none does.
func (r *itemImport) taken(x *Item) error {
	values := [...]string{x.Validated.Unique1, x.Validated.Unique2, x.Validated.Unique3, x.Validated.Unique4}
	for i, value := range values {
		if value == "" {
			continue
		}
		other, made := r.dry.unique[value]
		if !made {
			page, err := r.d.config.Items.Find(r.ctx, r.in, itsm.Where(uniques[i].Is(value)), itsm.PageRequest{Limit: 1})
			if err != nil {
				return err
			}
			for _, stored := range page.Items {
				if !r.sight.moved[stored.ID] {
					other = stored.ID
				}
			}
		}
		if other != (itsm.ID{}) && other != x.ID {
			return &itsm.DuplicateError{Index: uniques[i].Name(), Value: value, Of: itsm.Ref{Kind: ItemName, ID: other}}
		}
	}
	for _, value := range values {
		if value != "" {
			r.dry.unique[value] = x.ID
		}
	}
	return nil
}
