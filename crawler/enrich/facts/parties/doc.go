// Package parties reads who is in a case: companies, federal agencies, and who is sued, charged or
// sentenced. Persons are taken only where they are named with the act, and none that is not of age. It doesn't
// tell who is guilty.
package parties
