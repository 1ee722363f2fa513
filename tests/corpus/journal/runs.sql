-- The journal of an import of two orders into the sandbox, made by bulkpo, as sqlite3 dumps it.
PRAGMA page_size=4096;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
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
INSERT INTO runs VALUES(1,'import','done','2026-11-27T19:18:20.464+00:00','2026-11-27T19:18:20.619+00:00','damaged-orders','orders/orders.yaml','e7f08443bfff570b281dfb74d355de0c3c9f2b27b0afd4db932358b0d2db98bf','orders/o.csv','e69af34a412d8cff478daef4ef145275d67ef1094f5c2beb3047e48e4dedf401','sandbox','http://127.0.0.1:8000','purchase_orders','{"version": 1, "format": "xml", "on_existing": "skip", "after_create": "none", "key": "po-number", "limit": null, "canary": 0, "max_failures": null}','{"version": 1, "totals": [{"currency": "EUR", "documents": 1, "lines": 1, "amount": "2.50", "sent": {"documents": 1, "lines": 1, "amount": "2.50"}, "read_back": {"documents": 1, "lines": 1, "amount": "2.50"}}, {"currency": "USD", "documents": 1, "lines": 2, "amount": "2151.00", "sent": {"documents": 1, "lines": 2, "amount": "2151.00"}, "read_back": {"documents": 1, "lines": 2, "amount": "2151.00"}}], "statuses": {"draft": 2}, "result_file": "o.result.xlsx", "result_placed": ["2188694-6937-1795807100685700283"]}');
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
INSERT INTO entries VALUES(1,1,'0004801',2,'7f20fbba3b5ad73f002a6e2a302f537f42365d184cba2ef9fcb4eabc138e15fe','created',0,1,1076,'1','2026-11-27T11:18:20-08:00','','2026-11-27T19:18:20.599+00:00');
INSERT INTO entries VALUES(1,2,'0004802',4,'1ca0aa7b6b3b7c0061c85ef86f59dd560b08ade3df85bbfafb669a74de4430d6','created',0,1,1070,'1','2026-11-27T11:18:20-08:00','','2026-11-27T19:18:20.589+00:00');
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
INSERT INTO events VALUES(1,1,1,'2026-11-27T19:18:20.551+00:00','send','sending','',X'5809a593514bc33010c7dffd1465ef59d36eca94332273e28328e2e6abc4f6d8226d12d354ecb7f7da655d051da850e85dee9fdcddef12b8f8288be81d5da58c3e1f25633e8a506726577a7d3e5a2dafd96c74218ec0b81c1ddba0a49f006b98aecb173239e7d3194f20de2f41555b5ba85617444f3ce11ce2e041bc1764b57394ae11402951ac1eaf20ee2cfaf5212b9b12b5671e5d198477e8a3091d19b45f15d54659e60dababb686c2ac9516afb94188b73615f045e11b8b62f141c76b59dcb78dde747d42dc45c03ba9ab52552d2256a2df989c1942e614959c9b676dfc73d078da73481d38164a6325060eb5d5b77b8044bbaf252f08786f438e55e694f5549e981bdb44565a74d1e514e26108de6aa9bdf28d9812b9de81daeca8ce1f7ba2dda2752a4331998d4f69c3d6018d98b39786e5d2a348797ac278ca92c992f3b3ee63fc980c1af6500732cb4cad7d98de8c6e4d9fa90f75b03bfc0fa1d05b6a773784787b03dbaeff032efd09dcd268629649e769ac6b4afb3dbae3efc92d2efb7e06e492e474dc767a085dca7f85eea47b49e1daff05dd8023ddc0e08577fd0975c76a75');
INSERT INTO events VALUES(2,1,2,'2026-11-27T19:18:20.552+00:00','send','sending','',X'58097d52c16e022110bdf72b8c7704b7d59866c4348d4d0f4d9b36daabc185b834bb4059b671ffbec38aeb7a3121e1cdcc8399f70056c7aa1cfd295f6b6b96e3e9848d47cae4566a73588eb79b17b218aff81d582f95278512b871709698a6da23648c3d2c5806f49282ba71aed4919748df2c630c688a805e0879e33db66b39604bc5d7db2fa01dc2ad2f39d156ca041294af12f15d85d13d5e99b8d78cbad08e044b9a3ace50da8336fc475a05f48471802b46681db63ee2f546941f51e86ba713685781e085a92b5d478b48a5426125b16899d738b2b43b63c32e71029eb9c54e3e96daa89a0f0294d5cbbde1443c179de753d472c620559d7bed028ec79f0ba13dd0610a7e1b61820e2dcf2633a07d048d3ddbb97eeaadec92ceeb5cc5262700462949f62d9122289eb16c4e584632b661ecb15b84cd10e00b0f7920f2dc3626a4279b4f23233d585fea1cee3cff4c53bea1aeb3f3f4f4eda2540e8300bd4b51fa91ffae7bfafa');
INSERT INTO events VALUES(3,1,2,'2026-11-27T19:18:20.589+00:00','accepted','created','id 1070, status draft, version 1',NULL);
INSERT INTO events VALUES(4,1,1,'2026-11-27T19:18:20.599+00:00','accepted','created','id 1076, status draft, version 1',NULL);
CREATE TABLE inputs (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    file TEXT NOT NULL,
    sheet TEXT NOT NULL,
    digest TEXT NOT NULL,
    before INTEGER NOT NULL,
    summary TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (run, number)
) WITHOUT ROWID;
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('runs',1);
CREATE UNIQUE INDEX entries_by_key ON entries (run, key);
CREATE INDEX events_by_entry ON events (run, number);
COMMIT;
PRAGMA user_version=1;
PRAGMA application_id=0;
