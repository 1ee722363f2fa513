-- What an export must not forget when it is killed: what it has read, and which documents it is to mark as exported.

-- name: schema
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS windows (
    low INTEGER PRIMARY KEY,
    high INTEGER NOT NULL,
    documents INTEGER NOT NULL,
    payload BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS marks (id INTEGER PRIMARY KEY, changed TEXT NOT NULL, settled INTEGER NOT NULL DEFAULT 0);

-- name: note
INSERT INTO notes (name, text) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET text = excluded.text;

-- name: noted
SELECT text FROM notes WHERE name = ?;

-- name: save
INSERT INTO windows (low, high, documents, payload) VALUES (?, ?, ?, ?);

-- name: spans
SELECT low, high, documents FROM windows ORDER BY low;

-- name: load
SELECT payload FROM windows WHERE low = ?;

-- name: plan_mark
INSERT INTO marks (id, changed) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET changed = excluded.changed;

-- name: open_marks
SELECT id, changed FROM marks WHERE settled = 0 ORDER BY id LIMIT ?;

-- name: settle_mark
UPDATE marks SET settled = 1 WHERE id = ?;
