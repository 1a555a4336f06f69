// Package bench measures an archive: it makes releases by rule, fills a store with them,
// has the index built, asks questions of all classes and says how long everything took.
//
// It opens nothing and knows neither store nor engine: both are handed in. What it makes
// depends on the seed and on a release's number alone, so that two runs, and two machines,
// ask the same questions about the same releases. It judges nothing: figures are printed,
// and whoever reads them decides what is good.
package bench
