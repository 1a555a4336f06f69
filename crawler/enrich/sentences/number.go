package sentences

import (
	"strconv"

	"agora/crawler/enrich/phrases"
)

// numberWords are the numbers that releases write as words.
var numberWords = map[string]int{
	"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
	"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
	"thirty": 30, "forty": 40, "fifty": 50,
}

// mostParticipants is the number of offices.
const mostParticipants = 56

// Number reads a number of participants at word i; 0 where there is none.
func Number(t phrases.Text, i int) int {
	if i < 0 || i >= len(t.Words) {
		return 0
	}
	w := t.Words[i]
	if n, ok := numberWords[w.Folded]; ok {
		if n >= 20 && i+1 < len(t.Words) && t.Words[i+1].Before&phrases.Hyphen != 0 {
			if unit := numberWords[t.Words[i+1].Folded]; t.Words[i+1].Folded == "one" {
				n++
			} else if unit < 10 {
				n += unit
			}
		}
		return n
	}
	if len(w.Folded) > 2 || w.Before&phrases.Dollar != 0 {
		return 0
	}
	n, err := strconv.Atoi(w.Folded)
	if err != nil || n < 2 || n > mostParticipants {
		return 0
	}
	return n
}

// TensAndUnit tells whether the number at word i goes on in the next: "twenty-one".
func TensAndUnit(t phrases.Text, i int) bool {
	return i+1 < len(t.Words) && numberWords[t.Words[i].Folded] >= 20 && numberWords[t.Words[i+1].Folded] < 10 &&
		t.Words[i+1].Before&phrases.Hyphen != 0
}
