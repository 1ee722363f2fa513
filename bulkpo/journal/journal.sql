-- The journal: what each run set out to do, how far every order got, and what happened to it on the way.
-- Each query has a name; `bulkpo.journal.statements` reads them.

-- name: schema
CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    started TEXT NOT NULL,
    ended TEXT,
    mapping TEXT NOT NULL,
    mapping_file TEXT NOT NULL,
    mapping_digest TEXT NOT NULL,
    input_file TEXT NOT NULL,
    input_digest TEXT NOT NULL,
    profile TEXT NOT NULL,
    url TEXT NOT NULL,
    resource TEXT NOT NULL,
    options TEXT NOT NULL,
    summary TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE entries (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    key TEXT NOT NULL,
    row INTEGER NOT NULL,
    digest TEXT NOT NULL,
    state TEXT NOT NULL,
    in_doubt INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    coupa_id INTEGER,
    version TEXT,
    updated_at TEXT,
    message TEXT NOT NULL DEFAULT '',
    changed TEXT NOT NULL,
    PRIMARY KEY (run, number)
) WITHOUT ROWID;
CREATE UNIQUE INDEX entries_by_key ON entries (run, key);
CREATE TABLE actions (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    action TEXT NOT NULL,
    state TEXT NOT NULL,
    message TEXT NOT NULL DEFAULT '',
    changed TEXT NOT NULL,
    PRIMARY KEY (run, action, number)
) WITHOUT ROWID;
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    state TEXT NOT NULL,
    detail TEXT NOT NULL,
    sent BLOB
);
CREATE INDEX events_by_entry ON events (run, number);

-- name: inputs_table
CREATE TABLE IF NOT EXISTS inputs (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    file TEXT NOT NULL,
    sheet TEXT NOT NULL,
    digest TEXT NOT NULL,
    before INTEGER NOT NULL,
    summary TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (run, number)
) WITHOUT ROWID;

-- name: stints_table
CREATE TABLE IF NOT EXISTS stints (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    what TEXT NOT NULL,
    started TEXT NOT NULL,
    ended TEXT,
    facts TEXT NOT NULL,
    PRIMARY KEY (run, number)
) WITHOUT ROWID;

-- name: readings_table
CREATE TABLE IF NOT EXISTS readings (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    differs INTEGER NOT NULL,
    compared BLOB NOT NULL,
    PRIMARY KEY (run, number)
) WITHOUT ROWID;

-- name: put_stint
INSERT OR REPLACE INTO stints (run, number, what, started, ended, facts)
VALUES (:run, :number, :what, :started, :ended, :facts);

-- name: stints
SELECT number, what, started, ended, facts FROM stints WHERE run = :run ORDER BY number;

-- name: put_reading
INSERT OR REPLACE INTO readings (run, number, at, differs, compared)
VALUES (:run, :number, :at, :differs, :compared);

-- name: readings_after
SELECT number, at, differs, compared FROM readings WHERE run = :run AND number > :number ORDER BY number LIMIT 500;

-- name: trail_after
SELECT id, number, at, event, state, detail, sent FROM events WHERE +run = :run AND id > :id ORDER BY id LIMIT 500;

-- name: attachments_table
CREATE TABLE IF NOT EXISTS attachments (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    place INTEGER NOT NULL,
    row INTEGER NOT NULL,
    member INTEGER NOT NULL,
    line TEXT NOT NULL,
    way TEXT NOT NULL,
    folder TEXT NOT NULL,
    content TEXT NOT NULL,
    intent TEXT NOT NULL,
    size INTEGER NOT NULL,
    digest TEXT NOT NULL,
    state TEXT NOT NULL,
    coupa_id INTEGER,
    message TEXT NOT NULL DEFAULT '',
    changed TEXT NOT NULL,
    PRIMARY KEY (run, number, place)
) WITHOUT ROWID;

-- name: forget_attachments
DELETE FROM attachments WHERE run = :run;

-- name: plan_attachment
INSERT INTO attachments (
    run, number, place, row, member, line, way, folder, content, intent, size, digest, state, changed
) VALUES (
    :run, :number, :place, :row, :member, :line, :way, :folder, :content, :intent, :size, :digest, 'waiting', :at
);

-- name: attachments_after
SELECT * FROM attachments
WHERE run = :run AND number > :number AND instr(:states, ' ' || state || ' ')
AND number <= (
    SELECT max(number) FROM (
        SELECT DISTINCT number FROM attachments
        WHERE run = :run AND number > :number AND instr(:states, ' ' || state || ' ') ORDER BY number LIMIT 100
    )
)
ORDER BY number, place;

-- name: count_attachments
SELECT attachments.state, count(*) AS count FROM attachments
JOIN entries ON entries.run = attachments.run AND entries.number = attachments.number
WHERE attachments.run = :run AND instr(:owners, ' ' || entries.state || ' ') GROUP BY attachments.state;

-- name: move_attachment
UPDATE attachments SET state = :state, coupa_id = :coupa_id, message = :message, changed = :at
WHERE run = :run AND number = :number AND place = :place AND state = :from;

-- name: add_input
INSERT INTO inputs (run, number, file, sheet, digest, before, summary)
VALUES (:run, :number, :file, :sheet, :digest, :before, :summary);

-- name: inputs
SELECT number, file, sheet, digest, before, summary FROM inputs WHERE run = :run ORDER BY number;

-- name: set_input_summary
UPDATE inputs SET summary = :summary WHERE run = :run AND number = :number;

-- name: start_run
INSERT INTO runs (
    kind, status, started, mapping, mapping_file, mapping_digest, input_file, input_digest, profile, url, resource,
    options
) VALUES (
    :kind, 'planning', :started, :mapping, :mapping_file, :mapping_digest, :input_file, :input_digest, :profile, :url,
    :resource, :options
);

-- name: run
SELECT * FROM runs WHERE id = :run;

-- name: runs
SELECT * FROM runs ORDER BY id DESC;

-- name: set_status
UPDATE runs SET status = :status, ended = :ended WHERE id = :run;

-- name: set_summary
UPDATE runs SET summary = :summary WHERE id = :run;

-- name: forget_entries
DELETE FROM entries WHERE run = :run;

-- name: forget_events
DELETE FROM events WHERE run = :run;

-- name: plan_entry
INSERT INTO entries (run, number, key, row, digest, state, changed, coupa_id, version, updated_at)
VALUES (:run, :number, :key, :row, :digest, 'planned', :at, :coupa_id, :version, :updated_at);

-- name: plan_change
INSERT INTO events (run, number, at, event, state, detail)
VALUES (:run, :number, :at, 'change planned', 'planned', :change);

-- name: entries_after
SELECT run, number, key, row, digest, state, in_doubt, attempts, coupa_id, version, updated_at, message, changed
FROM entries WHERE run = :run AND number > :number AND instr(:states, ' ' || state || ' ')
ORDER BY number LIMIT 500;

-- name: tried_after
SELECT run, number, key, row, digest, state, in_doubt, attempts, coupa_id, version, updated_at, message, changed
FROM entries WHERE run = :run AND number > :number AND attempts > 0 AND instr(:states, ' ' || state || ' ')
ORDER BY number LIMIT 500;

-- name: entries_of_run
SELECT run, number, key, row, digest, state, in_doubt, attempts, coupa_id, version, updated_at, message, changed
FROM entries WHERE run = ? ORDER BY number;

-- name: untraced
SELECT count(*) FROM entries WHERE run = ? AND attempts > (
    SELECT count(*) FROM events
    WHERE events.run = entries.run AND events.number = entries.number AND events.event IN ('send', 'update')
);

-- name: entries_by_keys
SELECT run, number, entries.key, row, digest, state, in_doubt, attempts, coupa_id, version, updated_at, message, changed
FROM json_each(:keys) AS wanted CROSS JOIN entries ON run = :run AND entries.key = wanted.value;

-- name: count_states
SELECT state, count(*) AS count FROM entries WHERE run = :run GROUP BY state;

-- name: move_entry
UPDATE entries SET
    state = :state, in_doubt = :in_doubt, attempts = :attempts, coupa_id = :coupa_id, version = :version,
    updated_at = :updated_at, message = :message, digest = :digest, changed = :at
WHERE run = :run AND number = :number AND state = :from;

-- name: add_event
INSERT INTO events (run, number, at, event, state, detail, sent)
VALUES (:run, :number, :at, :event, :state, :detail, :sent);

-- name: details
SELECT number, detail FROM events
WHERE run = :run AND event = :event AND number IN (SELECT value FROM json_each(:numbers)) ORDER BY id;

-- name: events
SELECT at, event, state, detail, sent FROM events WHERE run = :run AND number = :number ORDER BY id;

-- name: plan_action
INSERT OR IGNORE INTO actions (run, number, action, state, changed) VALUES (:run, :number, :action, 'waiting', :at);

-- name: actions_after
SELECT * FROM actions WHERE run = :run AND action = :action AND number > :number AND instr(:states, ' ' || state || ' ')
ORDER BY number LIMIT 500;

-- name: count_actions
SELECT state, count(*) AS count FROM actions WHERE run = :run AND action = :action GROUP BY state;

-- name: move_action
UPDATE actions SET state = :state, message = :message, changed = :at
WHERE run = :run AND number = :number AND action = :action AND state = :from;

-- name: prune_run
DELETE FROM runs WHERE id = :run;
