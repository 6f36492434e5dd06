-- The tables that all kinds share. The tables of a kind follow from its declaration.
-- +goose Up
CREATE TABLE itsm_schema (version INTEGER NOT NULL);
INSERT INTO itsm_schema (version) VALUES (1);

-- All events in one total order. An event that was purged leaves its place.
CREATE TABLE itsm_event (
	seq INTEGER PRIMARY KEY,
	tenant TEXT NOT NULL,
	kind TEXT NOT NULL,
	id BLOB,
	version INTEGER,
	event TEXT
);
CREATE UNIQUE INDEX itsm_event_version ON itsm_event (id, version, kind, tenant);

-- The idempotency keys, with the event that was stored under each.
CREATE TABLE itsm_key (
	tenant TEXT NOT NULL,
	kind TEXT NOT NULL,
	key TEXT NOT NULL,
	seq INTEGER NOT NULL,
	recorded INTEGER NOT NULL, -- microseconds since 1970
	PRIMARY KEY (tenant, kind, key)
) WITHOUT ROWID;

-- The last number drawn of each series.
CREATE TABLE itsm_series (
	tenant TEXT NOT NULL,
	prefix TEXT NOT NULL,
	last INTEGER NOT NULL,
	PRIMARY KEY (tenant, prefix)
) WITHOUT ROWID;

-- How far each consumer of the events has come.
CREATE TABLE itsm_consumer (
	name TEXT NOT NULL PRIMARY KEY,
	version INTEGER NOT NULL,
	consumer TEXT NOT NULL
) WITHOUT ROWID;

-- The declarations under which rows were written.
CREATE TABLE itsm_declaration (
	kind TEXT NOT NULL,
	digest INTEGER NOT NULL,
	indexes TEXT NOT NULL,
	PRIMARY KEY (kind, digest)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE itsm_declaration;
DROP TABLE itsm_consumer;
DROP TABLE itsm_series;
DROP TABLE itsm_key;
DROP TABLE itsm_event;
DROP TABLE itsm_schema;
