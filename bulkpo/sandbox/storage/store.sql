-- name: schema
CREATE TABLE documents (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX documents_by_kind ON documents (kind, id) WHERE kind <> 'order-header';
CREATE TABLE natural_keys (
    kind TEXT NOT NULL, element TEXT NOT NULL, value TEXT NOT NULL, id INTEGER NOT NULL,
    PRIMARY KEY (kind, element, value, id)
) WITHOUT ROWID;
CREATE INDEX natural_keys_by_id ON natural_keys (id);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY, po_number TEXT, status TEXT, supplier INTEGER, exported INTEGER,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL, version INTEGER
);
CREATE INDEX orders_by_po_number ON orders (po_number);
CREATE INDEX orders_by_status ON orders (status);
CREATE INDEX orders_by_supplier ON orders (supplier);
CREATE INDEX orders_by_exported ON orders (exported);
CREATE INDEX orders_by_created_at ON orders (created_at);
CREATE INDEX orders_by_updated_at ON orders (updated_at);
CREATE TABLE lines (
    id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, account INTEGER, item INTEGER,
    price REAL, quantity REAL, total REAL, need_by_date TEXT
);
CREATE INDEX lines_by_order_id ON lines (order_id);
CREATE INDEX lines_by_account ON lines (account, order_id);
CREATE INDEX lines_by_item ON lines (item, order_id);
CREATE INDEX lines_by_price ON lines (price, order_id);
CREATE INDEX lines_by_quantity ON lines (quantity, order_id);
CREATE INDEX lines_by_total ON lines (total, order_id);
CREATE INDEX lines_by_need_by_date ON lines (need_by_date, order_id);
CREATE TABLE files (id INTEGER PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE counter (last INTEGER NOT NULL, last_narrow INTEGER NOT NULL);
INSERT INTO counter VALUES (1000, 0);
PRAGMA user_version = 3;

-- name: reserve
UPDATE counter SET last = last + 1000 RETURNING last - 999;

-- name: insert_document
INSERT INTO documents (id, kind, body) VALUES (?, ?, ?);

-- name: update_document
UPDATE documents SET body = ? WHERE id = ?;

-- name: document
SELECT body FROM documents WHERE id = ? AND kind = ?;

-- name: documents
SELECT id, body FROM documents WHERE id IN (SELECT value FROM json_each(?));

-- name: insert_key
INSERT INTO natural_keys (kind, element, value, id) VALUES (?, ?, ?, ?);

-- name: delete_keys
DELETE FROM natural_keys WHERE id = ?;

-- name: find_key
SELECT id FROM natural_keys WHERE kind = ? AND element = ? AND value = ? ORDER BY id LIMIT 100;

-- name: late_orders
SELECT body FROM documents WHERE id > (SELECT last_narrow FROM counter) AND kind = 'order-header' ORDER BY id;

-- name: caught_up
UPDATE counter SET last_narrow = ?;

-- name: put_order
INSERT INTO orders (id, po_number, status, supplier, exported, created_at, updated_at, version)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
    po_number = excluded.po_number, status = excluded.status, supplier = excluded.supplier,
    exported = excluded.exported, updated_at = excluded.updated_at, version = excluded.version;

-- name: insert_line
INSERT INTO lines (id, order_id, account, item, price, quantity, total, need_by_date)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: delete_lines
DELETE FROM lines WHERE order_id = ?;

-- name: insert_file
INSERT INTO files (id, content) VALUES (?, ?);

-- name: file
SELECT content FROM files WHERE id = ?;

-- name: orders_of_lines
SELECT id, order_id FROM lines WHERE id IN (SELECT value FROM json_each(?));

-- name: last_order
SELECT max(id) FROM orders;

-- name: block
SELECT
    min(id), max(id), group_concat(po_number, char(10)),
    min(po_number), max(po_number), min(status), max(status), min(exported), max(exported),
    min(created_at), max(created_at), min(updated_at), max(updated_at), min(version), max(version)
FROM orders WHERE id >= ? AND id < ?;

-- name: orders_numbered
SELECT id FROM orders WHERE po_number = ?;

-- name: documents_where
SELECT id FROM documents WHERE kind <> 'order-header' AND {conditions} ORDER BY id {direction} LIMIT ? OFFSET ?;

-- name: orders_where
SELECT id FROM orders WHERE {conditions} ORDER BY {order} {direction}, id {direction} LIMIT ? OFFSET ?;

-- name: lines_where
SELECT id FROM lines WHERE {conditions} ORDER BY {order} {direction} LIMIT ? OFFSET ?;

-- name: count_where
SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {conditions} LIMIT ?);

-- name: part_in
{plus}{column} IN (SELECT value FROM json_each(?))

-- name: part_not_in
{plus}{column} NOT IN (SELECT value FROM json_each(?))

-- name: part_between
{plus}{column} BETWEEN ? AND ?

-- name: part_has_line
{plus}id IN (SELECT order_id FROM lines WHERE {conditions})

-- name: part_has_line_row_by_row
EXISTS (SELECT 1 FROM lines WHERE order_id = orders.id AND {walked})

-- name: part_of_order
{plus}order_id IN (SELECT id FROM orders WHERE {conditions})

-- name: part_of_order_row_by_row
EXISTS (SELECT 1 FROM orders WHERE orders.id = lines.order_id AND {conditions})

-- name: part_has_key
{plus}id IN (SELECT id FROM natural_keys WHERE kind = ? AND element = ? AND {conditions})

-- name: part_marked
EXISTS (SELECT 1 FROM documents WHERE documents.id = {order} AND {marks})

-- name: part_stands
instr(body, ?) > 0

-- name: part_blank
({plus}{column} IS NULL OR {plus}{column} = '')

-- name: part_not_blank
({plus}{column} IS NOT NULL AND {plus}{column} <> '')

-- name: part_contains
instr({column}, ?) > 0

-- name: part_starts_with
({plus}{column} >= ? AND substr({column}, 1, ?) = ?)

-- name: part_ends_with
substr({column}, ?) = ?

-- name: clear
DELETE FROM documents;
DELETE FROM natural_keys;
DELETE FROM orders;
DELETE FROM lines;
DELETE FROM files;
