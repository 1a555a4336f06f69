package query

import (
	"strings"
	"testing"

	"agora/index"
)

// BenchmarkHostile reads the longest questions that were made to be slow.
func BenchmarkHostile(b *testing.B) {
	for name, part := range map[string]string{
		"unknown values":  "lead:massachussettsandmoreofit ",
		"unknown fields":  "xy:z ",
		"unknown states":  "lead:q ",
		"topics":          "topic:x-y ",
		"values":          "lead:VA ",
		"list of values":  "lead:VA,",
		"quotes":          `"a" `,
		"parentheses":     "(",
		"groups":          "(a) ",
		"fields in depth": "title:(",
		"negations":       "-",
		"contradictions":  "a -a ",
		"stars":           "a*b*",
		"dates":           "date:2023..x ",
		"words":           "a ",
	} {
		b.Run(name, func(b *testing.B) {
			question := strings.Repeat(part, index.MaxQueryBytes/len(part))
			if name == "list of values" {
				question = "lead:" + strings.ReplaceAll(question, "lead:", "")
			}
			for b.Loop() {
				Parse(question)
			}
		})
	}
}
