package telling

import "slices"

const (
	// shingleWords are four: shorter runs are shared by all releases, longer ones break at
	// every word that an office changes.
	shingleWords = 4
	// signatureSize and bandRows make candidates of one pair in three whose shingles agree
	// by a tenth, of nine in ten at a fifth, and of all at a third (Leskovec, Rajaraman,
	// Ullman: Mining of Massive Datasets, 3.4). What they miss is found by coalition or
	// facts.
	signatureSize = 96
	bandRows      = 2
)

// Signature is the MinHash of a release's shingles: for each of so many orders of all
// shingles its first.
type Signature [signatureSize]uint32

// hash is FNV-1a of 64 bits, which no seed changes.
func hash(word string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(word) {
		h = (h ^ uint64(word[i])) * 1099511628211
	}
	return h
}

// mix spreads the bits of a number (the finalizer of SplitMix64).
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// shingles returns the runs of four words, each once, sorted.
func shingles(words []uint64) []uint64 {
	runs := make([]uint64, 0, len(words))
	for i := 0; i+shingleWords <= len(words); i++ {
		h := uint64(0)
		for _, w := range words[i : i+shingleWords] {
			h = mix(h*31 + w)
		}
		runs = append(runs, h)
	}
	return sorted(runs)
}

// orders are the factors and summands of the orders of all shingles: multiply-shift.
var orders = func() (o [signatureSize][2]uint64) {
	state := uint64(0x9e3779b97f4a7c15)
	for i := range o {
		state += 0x9e3779b97f4a7c15
		o[i][0] = mix(state) | 1
		state += 0x9e3779b97f4a7c15
		o[i][1] = mix(state)
	}
	return o
}()

// sign makes the signature of shingles.
func sign(shingles []uint64) (s Signature) {
	for i := range s {
		s[i] = ^uint32(0)
	}
	for _, h := range shingles {
		for i := range s {
			s[i] = min(s[i], uint32((h*orders[i][0]+orders[i][1])>>32))
		}
	}
	return s
}

// Bands are keys of which two releases share one if they are likely to share shingles.
func (s *Signature) Bands() [signatureSize / bandRows]uint64 {
	var bands [signatureSize / bandRows]uint64
	for i := range bands {
		h := uint64(i)
		for _, v := range s[i*bandRows : (i+1)*bandRows] {
			h = mix(h<<32 | h>>32 ^ uint64(v))
		}
		bands[i] = h
	}
	return bands
}

// shared counts what two sorted lists without repeats have in common.
func shared(a, b []uint64) int {
	if len(a) > 16*len(b) {
		a, b = b, a
	}
	n := 0
	if len(b) > 16*len(a) {
		for _, v := range a {
			if _, ok := slices.BinarySearch(b, v); ok {
				n++
			}
		}
		return n
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			n, i, j = n+1, i+1, j+1
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return n
}
