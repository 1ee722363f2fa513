-- What an export must not forget when it is killed: what it has read, what its file holds, and what is to follow.

-- name: schema
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS windows (
    low INTEGER PRIMARY KEY,
    high INTEGER NOT NULL,
    documents INTEGER NOT NULL,
    payload BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS marks (id INTEGER PRIMARY KEY, changed TEXT NOT NULL, settled INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS delivered (
    id INTEGER NOT NULL,
    pending INTEGER NOT NULL,
    at TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (id, pending)
) WITHOUT ROWID;

-- name: note
INSERT INTO notes (name, text) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET text = excluded.text;

-- name: noted
SELECT text FROM notes WHERE name = ?;

-- name: forget_note
DELETE FROM notes WHERE name = ?;

-- name: save_window
INSERT INTO windows (low, high, documents, payload) VALUES (?, ?, ?, ?);

-- name: windows
SELECT low, high, documents FROM windows ORDER BY low;

-- name: window
SELECT payload FROM windows WHERE low = ?;

-- name: forget_windows
DELETE FROM windows;

-- name: plan_mark
INSERT INTO marks (id, changed) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET changed = excluded.changed;

-- name: open_marks
SELECT id, changed FROM marks WHERE settled = 0 AND id > ? ORDER BY id LIMIT ?;

-- name: settle_mark
UPDATE marks SET settled = 1 WHERE id = ?;

-- name: forget_marks
DELETE FROM marks;

-- name: delivered
SELECT id, at, digest FROM delivered WHERE pending = 0;

-- name: deliver
INSERT INTO delivered (id, pending, at, digest) VALUES (?, 1, ?, ?);

-- name: forget_pending
DELETE FROM delivered WHERE pending = 1;

-- name: forget_delivered
DELETE FROM delivered WHERE pending = 0;

-- name: settle_delivered
UPDATE delivered SET pending = 0;

-- name: settle_mark_of_time
INSERT OR REPLACE INTO notes (name, text) SELECT 'mark', text FROM notes WHERE name = 'next mark';
