package document

import (
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// Select returns the elements at or below n that a selector of the office finds. One that
// can't be compiled finds nothing: catalogues are checked when they are read.
func Select(n *html.Node, selector string) []*html.Node {
	if selector == "" {
		return nil
	}
	compiled, err := cascadia.ParseGroup(selector)
	if err != nil {
		return nil
	}
	return cascadia.QueryAll(n, compiled)
}

// SelectFirst returns the first of them, nil for none.
func SelectFirst(n *html.Node, selector string) *html.Node {
	if all := Select(n, selector); len(all) > 0 {
		return all[0]
	}
	return nil
}
