-- The stored format, version 3: matters, the actions that several offices tell. Said once
-- for both tables, beside what the versions before say:
--
--   lists  TEXT, sorted words with one blank between them, before and after; ' ' for none
--
-- Rows of matter are never deleted and their ids never given twice.

-- +goose Up

-- A matter without releases is not listed, and lives again when its id is minted anew from
-- the release that it was minted from. offices and releases say what matter_release says.
CREATE TABLE matter (
    id          TEXT PRIMARY KEY,
    minted      BIGINT NOT NULL,
    merged_into TEXT REFERENCES matter (id), -- one that lives; it has no releases then
    title       TEXT NOT NULL,
    first       TEXT NOT NULL,
    last        TEXT NOT NULL,
    offices     TEXT NOT NULL,
    topics      TEXT NOT NULL,
    releases    INTEGER NOT NULL             -- tellings; translations don't count
) WITHOUT ROWID;
CREATE INDEX matter_newest ON matter (last DESC, id) WHERE releases > 0;
CREATE INDEX matter_merged ON matter (merged_into) WHERE merged_into IS NOT NULL;

-- The matter of a release.
CREATE TABLE matter_release (
    release_id TEXT PRIMARY KEY REFERENCES release (id),
    matter_id  TEXT NOT NULL REFERENCES matter (id),
    twin       INTEGER NOT NULL              -- a translation of another
) WITHOUT ROWID;
CREATE INDEX matter_release_matter ON matter_release (matter_id, release_id);

-- Days of publication of all offices, and those that stand in for them.
CREATE INDEX release_day ON release (published, id) WHERE published > '';
CREATE INDEX release_undated ON release (added, id) WHERE published = '' AND backfill = 0;
