// Package spelling knows how people write the values of fields, and days: any case, codes
// or names of states, slugs or labels of topics, a month for its days; and which known
// word a slip of the pen is nearest to.
//
// It reads one value at a time and knows nothing of questions and parameters.
package spelling
