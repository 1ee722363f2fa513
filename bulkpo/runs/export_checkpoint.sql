-- What an export has read so far, so that an interrupted one goes on where it was; gone when its file is in place.

-- name: schema
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS windows (
    low INTEGER PRIMARY KEY,
    high INTEGER NOT NULL,
    documents INTEGER NOT NULL,
    payload BLOB NOT NULL
);

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
