package database

import (
	"database/sql"
	"time"
)

// Time reads a stored time: milliseconds since 1970.
func Time(milliseconds int64) time.Time { return time.UnixMilli(milliseconds).UTC() }

// OptionalTime writes a time that may be unknown.
func OptionalTime(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

// KnownTime reads a time that may be unknown: it is the zero time then.
func KnownTime(stored sql.NullInt64) time.Time {
	if !stored.Valid {
		return time.Time{}
	}
	return Time(stored.Int64)
}
