package api

import "sync"

// kept remembers answers that took many searches, as long as the index is the same. The
// zero value is empty; it is safe for use by many goroutines. What it returns must not be changed.
type kept[T any] struct {
	mu       sync.Mutex
	sequence int64
	answers  map[string]T // by question; emptied when full
}

// mostKept is how many answers are remembered: those of all topics and states, and some.
const mostKept = 128

// at returns the answer to a question as of a sequence of the index.
func (k *kept[T]) at(sequence int64, question string) (answer T, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if sequence != k.sequence {
		return answer, false
	}
	answer, ok = k.answers[question]
	return answer, ok
}

// keep remembers an answer.
func (k *kept[T]) keep(sequence int64, question string, answer T) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if sequence != k.sequence || len(k.answers) >= mostKept || k.answers == nil {
		k.answers, k.sequence = map[string]T{}, sequence
	}
	k.answers[question] = answer
}
