-- The stored format, version 1. Said once for all tables:
--
--   times    BIGINT, milliseconds since 1970-01-01 UTC; NULL where not known
--   dates    TEXT, YYYY-MM-DD; '' where not known
--   flags    INTEGER, 0 or 1
--   office   TEXT, postal code in capitals; '' where it could not be told
--   address  TEXT, canonical address, or "text:" and a fingerprint
--
-- Rows of release, capture and change are never deleted, numbers never given twice.
-- A program that finds a higher version in goose_db_version than it knows must not
-- write, and application_id ("AGOR") tells an archive from other SQLite files.

-- +goose Up
PRAGMA application_id = 1095192402;

-- What the archive knows of itself: name 'id' is the id that indexes remember.
CREATE TABLE archive (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Numbers that grow: 'passes' with every write of a pass, so that what was read from
-- that table can be kept in memory for as long as it holds.
CREATE TABLE counter (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
) WITHOUT ROWID;

-- What our code reads out of captures. A row is shared by captures of one release that
-- follow each other and read the same. digest tells rows apart; content holds text,
-- Markdown and everything else that was read, compressed: package reading says how.
CREATE TABLE reading (
    id      INTEGER PRIMARY KEY,
    digest  TEXT NOT NULL,
    title   TEXT NOT NULL,
    content BLOB NOT NULL
);

-- One row a release. newest is its capture with the latest time (of several the last
-- that came): the current version is that capture's. published is that of its reading.
CREATE TABLE release (
    id             TEXT PRIMARY KEY,
    office         TEXT NOT NULL,
    url            TEXT NOT NULL,     -- last fetched, as it is to be shown; '' without one
    published      TEXT NOT NULL,
    version        INTEGER NOT NULL,  -- current
    last_version   INTEGER NOT NULL,  -- highest number that was ever given
    newest         BIGINT NOT NULL,   -- capture.id
    added          BIGINT NOT NULL,
    first_seen     BIGINT NOT NULL,   -- oldest capture
    changed        BIGINT NOT NULL,   -- first capture of the current version
    last_seen      BIGINT NOT NULL,   -- last fetch that confirmed it, "not modified" included
    backfill       INTEGER NOT NULL,
    presence       TEXT NOT NULL,     -- live, missing or gone
    presence_since BIGINT,            -- NULL: since first_seen
    presence_cause TEXT NOT NULL,
    last_listed    BIGINT
) WITHOUT ROWID;

-- The addresses that find a release. An address belongs to one release of an office.
CREATE TABLE address (
    address    TEXT NOT NULL,
    office     TEXT NOT NULL,
    release_id TEXT NOT NULL REFERENCES release (id),
    PRIMARY KEY (address, office)
) WITHOUT ROWID;

-- Fetched bytes, each in a WARC record under captures/. The versions of a release are
-- the runs of its captures by (captured, id) that have the same number.
CREATE TABLE capture (
    id             INTEGER PRIMARY KEY,
    office         TEXT NOT NULL,
    kind           TEXT NOT NULL,     -- index.PageKind
    captured       BIGINT NOT NULL,
    url            TEXT NOT NULL,
    final_url      TEXT,              -- NULL: equal to url
    media_type     TEXT NOT NULL,
    status         INTEGER,           -- NULL: the record has no HTTP status
    origin         TEXT NOT NULL,
    file           TEXT NOT NULL,     -- name inside captures/
    record_offset  BIGINT NOT NULL,
    record_length  BIGINT NOT NULL,
    sha256         TEXT NOT NULL,     -- of the decoded payload, hex
    read_by        TEXT NOT NULL,     -- version of the code that read it last
    release_id     TEXT REFERENCES release (id),
    version        INTEGER,           -- these four are set with release_id
    fingerprint    TEXT,
    fingerprint_by TEXT,              -- version of the code that made the fingerprint
    reading_id     BIGINT             -- reading.id
);
CREATE UNIQUE INDEX capture_key ON capture (url, sha256, captured);
CREATE INDEX capture_release ON capture (release_id, captured);

-- Rows of listings, feeds and sitemaps. listing is NULL where it is the capture's url.
CREATE TABLE listing_row (
    capture_id BIGINT NOT NULL REFERENCES capture (id),
    place      INTEGER NOT NULL,      -- running number within the capture
    position   INTEGER NOT NULL,      -- as the collector counted
    office     TEXT NOT NULL,
    address    TEXT NOT NULL,
    url        TEXT NOT NULL,
    title      TEXT NOT NULL,
    as_written TEXT NOT NULL,
    date       TEXT NOT NULL,
    source     TEXT NOT NULL,
    listing    TEXT,
    PRIMARY KEY (capture_id, place)
) WITHOUT ROWID;
CREATE INDEX listing_row_address ON listing_row (address, office);

-- The change log. Sequences begin with 1 and have no gaps: they are given inside the
-- transaction that writes the change, and only one writes at a time.
CREATE TABLE change (
    sequence   INTEGER PRIMARY KEY,
    release_id TEXT NOT NULL REFERENCES release (id),
    version    INTEGER NOT NULL,
    kind       TEXT NOT NULL,         -- index.ChangeKind
    time       BIGINT NOT NULL
);

-- How far each follower of the change log has come.
CREATE TABLE cursor (
    name     TEXT PRIMARY KEY,
    sequence BIGINT NOT NULL
) WITHOUT ROWID;

-- Sums over release, kept by the transactions that change it. oldest and newest are dates
-- of publication.
CREATE TABLE office (
    code         TEXT PRIMARY KEY,
    held         INTEGER NOT NULL,
    undated      INTEGER NOT NULL,
    missing      INTEGER NOT NULL,
    gone         INTEGER NOT NULL,
    oldest       TEXT NOT NULL,
    newest       TEXT NOT NULL,
    last_capture BIGINT NOT NULL
) WITHOUT ROWID;

-- What the collector knows of each address.
CREATE TABLE visit (
    office        TEXT NOT NULL,
    address       TEXT NOT NULL,
    url           TEXT NOT NULL,
    release_id    TEXT NOT NULL,      -- '' where it is none, or not known
    found         BIGINT,
    last          BIGINT,
    next          BIGINT,
    outcome       TEXT NOT NULL,
    failures      INTEGER NOT NULL,
    failing_since BIGINT,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    sha256        TEXT NOT NULL,
    PRIMARY KEY (office, address)
) WITHOUT ROWID;

-- Every walk over an office.
CREATE TABLE pass (
    id        INTEGER PRIMARY KEY,
    office    TEXT NOT NULL,
    source    TEXT NOT NULL,
    strategy  TEXT NOT NULL,
    started   BIGINT NOT NULL,
    ended     BIGINT,
    full_walk INTEGER NOT NULL,
    first_row TEXT NOT NULL,
    last_row  TEXT NOT NULL,
    found     INTEGER NOT NULL,
    new       INTEGER NOT NULL,
    edited    INTEGER NOT NULL,
    failed    INTEGER NOT NULL,
    expected  DOUBLE PRECISION,
    outcome   TEXT NOT NULL,
    reason    TEXT NOT NULL,
    robots    TEXT NOT NULL
);
CREATE INDEX pass_office ON pass (office, started);
