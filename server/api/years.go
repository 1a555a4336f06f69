package api

import (
	"context"
	"fmt"
	"strings"

	"agora/index"
)

// ByYear counts releases that pass a filter by year for each of some values of another field. It
// takes a search a value, once for a state of the index. The result must not be changed.
func (h *Holdings) ByYear(ctx context.Context, filter index.Filter, field index.Field, values []string) (map[string][]index.Count, error) {
	state, err := h.searcher.Engine.State(ctx)
	if err != nil {
		return nil, fmt.Errorf("read index: %w", err)
	}
	question := strings.Join([]string{string(filter.Field), strings.Join(filter.Include, ","), string(field), strings.Join(values, ",")}, " ")
	if counts, ok := h.years.at(state.Sequence, question); ok {
		return counts, nil
	}
	counts := make(map[string][]index.Count, len(values))
	same := true
	for _, value := range values {
		found, err := h.searcher.Engine.Search(ctx, index.Query{
			Filters: []index.Filter{filter, {Field: field, Include: []string{value}}}, Sort: index.SortNewest, Facets: []index.Field{index.FieldYear},
		})
		if err != nil {
			return nil, fmt.Errorf("count %s %s by year: %w", field, value, err)
		}
		counts[value] = found.Facets[index.FieldYear]
		same = same && found.Sequence == state.Sequence
	}
	if same {
		h.years.keep(state.Sequence, question, counts)
	}
	return counts, nil
}
