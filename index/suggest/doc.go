// Package suggest knows what people may want to ask next: words as they may have been
// meant, words that may stand for filters, and what a question that is still being typed
// may become.
//
// It changes no question: whoever asks decides. It knows an engine by its contract alone,
// reads questions through package query, and knows no addresses and no pages.
package suggest
