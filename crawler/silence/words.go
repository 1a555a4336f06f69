package silence

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"agora/index"
)

// number writes a number with commas.
func number(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// counted writes a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return number(n) + " " + thing + "s"
}

// held says how many releases are held.
func held(n int) string {
	if n == 1 {
		return "1 release is held"
	}
	return counted(n, "release") + " are held"
}

// amount writes what is expected, with a decimal where that says something.
func amount(x float64) string {
	if x < 9.95 {
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return number(int(math.Round(x)))
}

// odds writes a chance as people do, with one digit.
func odds(chance float64) string {
	const most = 10000
	if chance*most <= 1 {
		return "less than 1 in " + number(most)
	}
	n := 1 / chance
	unit := math.Pow(10, math.Floor(math.Log10(n)))
	return "about 1 in " + number(int(math.Round(n/unit)*unit))
}

// written writes a day as people do.
func written(d index.Date) string {
	n, ok := dayNumber(d)
	if !ok {
		return "an unknown day"
	}
	return dayTime(n).Format("Jan 2, 2006")
}

// source names a source of a pass, which index.Pass keeps by kind and address.
func source(kindAndAddress string) string {
	kind, address, _ := strings.Cut(kindAndAddress, " ")
	switch {
	case kind == "":
		return "the source in use"
	case address == "":
		return "the " + kind
	}
	return fmt.Sprintf("the %s %s", kind, address)
}
