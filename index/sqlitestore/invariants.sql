-- Questions that a sound archive answers with no row. A row is what is wrong, in words.
-- They are split at the semicolons.

SELECT 'release ' || r.id || ': its newest capture is not the last of its captures' FROM release r
    WHERE r.newest <> COALESCE((SELECT id FROM capture WHERE release_id = r.id ORDER BY captured DESC, id DESC LIMIT 1), 0);

SELECT 'release ' || r.id || ': its version is not that of its newest capture' FROM release r JOIN capture c ON c.id = r.newest
    WHERE c.version <> r.version;

SELECT 'release ' || r.id || ': the time of its first capture is wrong' FROM release r
    WHERE r.first_seen <> (SELECT MIN(captured) FROM capture WHERE release_id = r.id);

SELECT 'release ' || r.id || ': the first time of its version is wrong' FROM release r
    WHERE r.changed <> (SELECT MIN(captured) FROM capture WHERE release_id = r.id AND version = r.version);

SELECT 'release ' || r.id || ': it was seen last before its newest capture' FROM release r JOIN capture c ON c.id = r.newest
    WHERE r.last_seen < c.captured;

SELECT 'release ' || r.id || ': it has a version above the highest that was given' FROM release r
    WHERE r.last_version < (SELECT MAX(version) FROM capture WHERE release_id = r.id);

SELECT 'release ' || release_id || ': version ' || MIN(version) || ' is torn: captures of another lie between' FROM (
        SELECT release_id, version, CASE WHEN LAG(version) OVER (PARTITION BY release_id ORDER BY captured, id) = version THEN 0 ELSE 1 END AS begins
        FROM capture WHERE release_id IS NOT NULL) AS ordered
    GROUP BY release_id, version HAVING SUM(begins) > 1;

SELECT 'capture ' || c.id || ': its reading is not held' FROM capture c
    WHERE c.release_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reading WHERE id = c.reading_id);

SELECT 'release ' || r.id || ': the change log does not tell that it is new' FROM release r
    WHERE NOT EXISTS (SELECT 1 FROM (SELECT DISTINCT release_id FROM change WHERE kind = 'new') AS told WHERE told.release_id = r.id);

SELECT 'change log: it has ' || COUNT(*) || ' entries and ends with ' || MAX(sequence) FROM change
    HAVING COUNT(*) <> COALESCE(MAX(sequence), 0) OR MIN(sequence) < 1;

SELECT 'office ' || counted.code || ': its sums are wrong' FROM (
        SELECT office AS code, COUNT(*) AS held, SUM(CASE published WHEN '' THEN 1 ELSE 0 END) AS undated,
            SUM(CASE presence WHEN 'missing' THEN 1 ELSE 0 END) AS missing, SUM(CASE presence WHEN 'gone' THEN 1 ELSE 0 END) AS gone,
            COALESCE(MIN(CASE WHEN published > '' THEN published END), '') AS oldest, MAX(published) AS newest
        FROM release GROUP BY office) AS counted
    LEFT JOIN office o ON o.code = counted.code
    WHERE o.code IS NULL OR o.held <> counted.held OR o.undated <> counted.undated OR o.missing <> counted.missing OR o.gone <> counted.gone
        OR o.oldest <> counted.oldest OR o.newest <> counted.newest;

SELECT 'office ' || code || ': its sums are wrong' FROM office WHERE held > 0 AND code NOT IN (SELECT office FROM release);

SELECT 'office ' || held.office || ': its visits are counted wrong' FROM (
        SELECT office, kind, outcome, COUNT(*) AS count FROM visit GROUP BY office, kind, outcome) AS held
    LEFT JOIN visit_count c ON c.office = held.office AND c.kind = held.kind AND c.outcome = held.outcome
    WHERE c.count IS NULL OR c.count <> held.count GROUP BY held.office;

SELECT 'office ' || c.office || ': it counts visits that are not held' FROM visit_count c
    LEFT JOIN (SELECT DISTINCT office, kind, outcome FROM visit) AS held ON held.office = c.office AND held.kind = c.kind AND held.outcome = c.outcome
    WHERE c.count <> 0 AND held.office IS NULL GROUP BY c.office;

SELECT 'visit of ' || address || ': there is no kind ' || kind FROM visit WHERE kind NOT IN ('page', 'attachment', 'source');

SELECT 'matter ' || m.id || ': its releases are counted wrong' FROM matter m
    WHERE m.releases <> (SELECT COUNT(*) FROM matter_release WHERE matter_id = m.id AND twin = 0);

SELECT 'matter ' || m.id || ': it was merged and has releases, or into one that was merged' FROM matter m
    WHERE m.merged_into IS NOT NULL AND (EXISTS (SELECT 1 FROM matter_release WHERE matter_id = m.id)
        OR NOT EXISTS (SELECT 1 FROM matter WHERE id = m.merged_into AND merged_into IS NULL));

SELECT 'matter ' || m.id || ': its offices are not those of its releases' FROM matter m
    WHERE (length(m.offices) - 1) / 3 <> (SELECT COUNT(DISTINCT r.office) FROM matter_release mr JOIN release r ON r.id = mr.release_id WHERE mr.matter_id = m.id)
        OR EXISTS (SELECT 1 FROM matter_release mr JOIN release r ON r.id = mr.release_id WHERE mr.matter_id = m.id AND instr(m.offices, ' ' || r.office || ' ') = 0);
