// Package phrases reads text as words and finds phrases of a fixed list in it, all in
// one pass whatever their number. It folds case, quotes, accents of punctuation and
// plural endings; it knows nothing of releases, topics or states, and keeps no state
// between texts.
package phrases
