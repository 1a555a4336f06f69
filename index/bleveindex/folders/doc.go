// Package folders knows where an index lies: which folder is in use, how scorch is opened in
// it, and the columns that are saved beside segments. It says of errors what they mean.
//
// It searches nothing.
package folders
