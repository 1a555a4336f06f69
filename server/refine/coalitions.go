package refine

import "strings"

// CoalitionsPath is the page on who joins whom.
const CoalitionsPath = "/coalitions"

// Coalitions is the page on coalitions with the parameters of an address of the search page,
// and more of its own: name, value, name, value.
func Coalitions(search string, more ...string) string {
	address := CoalitionsPath + strings.TrimPrefix(search, "/")
	for i := 0; i+1 < len(more); i += 2 {
		if more[i+1] == "" {
			continue
		}
		sign := "?"
		if strings.Contains(address, "?") {
			sign = "&"
		}
		address += sign + more[i] + "=" + more[i+1]
	}
	return address
}
