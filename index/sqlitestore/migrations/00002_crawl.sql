-- The stored format, version 2: what a crawl has to remember. Said once for all tables,
-- beside what version 1 says:
--
--   durations  BIGINT, nanoseconds
--   visit, host, robots, stance and collector hold the present: rows are replaced

-- +goose Up

-- What the collector knows of each address: the frontier. A row with next is planned. A
-- page without a release_id belongs to the release that has its address, where one has.
ALTER TABLE visit RENAME TO visit_1;
CREATE TABLE visit (
    office        TEXT NOT NULL,
    address       TEXT NOT NULL,
    url           TEXT NOT NULL,
    kind          TEXT NOT NULL,     -- index.VisitKind
    release_id    TEXT REFERENCES release (id), -- of an attachment: that links it
    found         BIGINT,
    last          BIGINT,            -- NULL: never fetched
    next          BIGINT,            -- NULL: not planned
    outcome       TEXT NOT NULL,     -- '' before the first fetch
    failures      INTEGER NOT NULL,
    failing_since BIGINT,
    etag          TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    sha256        TEXT NOT NULL,
    payload       TEXT NOT NULL,     -- digest as in WARC-Payload-Digest
    captured      BIGINT,            -- time of the record that holds the payload
    backfill      INTEGER NOT NULL,
    PRIMARY KEY (office, address)
) WITHOUT ROWID;
INSERT INTO visit
    SELECT office, address, url, 'page', CASE WHEN release_id IN (SELECT id FROM release) THEN release_id END, found, last, next,
        outcome, failures, failing_since, etag, last_modified, sha256, '', NULL, 0
    FROM visit_1 ORDER BY office, address;
DROP TABLE visit_1;

-- What is due: never fetched, in the order of the fetch, and to be fetched again.
CREATE INDEX visit_first ON visit (office, kind, found DESC, address, next, last) WHERE last IS NULL AND next IS NOT NULL;
CREATE INDEX visit_again ON visit (office, kind, next, address) WHERE last IS NOT NULL AND next IS NOT NULL;

-- How many rows of visit have an outcome, kept by the transactions that change them.
CREATE TABLE visit_count (
    office  TEXT NOT NULL,
    kind    TEXT NOT NULL,
    outcome TEXT NOT NULL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (office, kind, outcome)
) WITHOUT ROWID;
INSERT INTO visit_count SELECT office, kind, outcome, COUNT(*) FROM visit GROUP BY office, kind, outcome;

-- What people do with words: look for the same at another address. The first digits of a
-- fingerprint tell nearly as well as all do, in a quarter of the room.
CREATE INDEX capture_words ON capture (substr(fingerprint, 1, 12)) WHERE fingerprint IS NOT NULL;

-- Days of publication of an office.
CREATE INDEX release_published ON release (office, published) WHERE published > '';

-- Passes as of version 1 were not judged: their new columns are empty.
ALTER TABLE pass ADD COLUMN fresh INTEGER NOT NULL DEFAULT 0;      -- rows dated within the days of expected
ALTER TABLE pass ADD COLUMN pages INTEGER NOT NULL DEFAULT 0;      -- these five are index.Fill
ALTER TABLE pass ADD COLUMN dated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pass ADD COLUMN titled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pass ADD COLUMN text_bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE pass ADD COLUMN shortened INTEGER NOT NULL DEFAULT 0;

-- How a host wants to be asked.
CREATE TABLE host (
    name     TEXT PRIMARY KEY,       -- with a port that isn't its scheme's
    next     BIGINT,                 -- not asked before
    response BIGINT NOT NULL,        -- duration of its last answer
    failures INTEGER NOT NULL
) WITHOUT ROWID;

-- The robots.txt of each origin of a host, as it was answered.
CREATE TABLE robots (
    host    TEXT NOT NULL REFERENCES host (name),
    origin  TEXT NOT NULL,
    fetched BIGINT,
    outcome TEXT NOT NULL,
    status  INTEGER NOT NULL,
    body    BLOB,
    PRIMARY KEY (host, origin)
) WITHOUT ROWID;

-- What people decided about the health of an office. A row that is taken back is deleted.
CREATE TABLE stance (
    office TEXT PRIMARY KEY,
    state  TEXT NOT NULL,
    reason TEXT NOT NULL,
    since  BIGINT,
    until  BIGINT
) WITHOUT ROWID;

-- What the collector says of itself: one row, or none before it did.
CREATE TABLE collector (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    agent   TEXT NOT NULL,
    contact TEXT NOT NULL,
    beat    BIGINT,
    running INTEGER NOT NULL
);
