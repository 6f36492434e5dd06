-- The tables that all kinds share. The tables of a kind follow from its declaration.
-- +goose Up
CREATE TABLE itsm_schema (
	version bigint NOT NULL,
	shift bigint NOT NULL -- what was added to the transactions' numbers when the database was restored elsewhere
);
INSERT INTO itsm_schema (version, shift) VALUES (1, 0);

-- All events. Their order is that of at, the number of the transaction, and then of seq. An event that was purged
-- leaves its place.
CREATE TABLE itsm_event (
	seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	at bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
	tenant text COLLATE "C" NOT NULL,
	kind text COLLATE "C" NOT NULL,
	id uuid,
	version bigint,
	event text
);
CREATE INDEX itsm_event_at ON itsm_event (at, seq);
CREATE UNIQUE INDEX itsm_event_version ON itsm_event (id, version, kind, tenant);

-- The idempotency keys, with the event that was stored under each.
CREATE TABLE itsm_key (
	tenant text COLLATE "C" NOT NULL,
	kind text COLLATE "C" NOT NULL,
	key text COLLATE "C" NOT NULL,
	seq bigint NOT NULL,
	recorded bigint NOT NULL, -- microseconds since 1970
	PRIMARY KEY (tenant, kind, key)
);

-- The last number drawn of each series.
CREATE TABLE itsm_series (
	tenant text COLLATE "C" NOT NULL,
	prefix text COLLATE "C" NOT NULL,
	last bigint NOT NULL,
	PRIMARY KEY (tenant, prefix)
);

-- How far each consumer of the events has come.
CREATE TABLE itsm_consumer (
	name text COLLATE "C" NOT NULL PRIMARY KEY,
	version bigint NOT NULL,
	consumer text NOT NULL
);

-- Who does what only one may do at a time, and until when.
CREATE TABLE itsm_lease (
	name text COLLATE "C" NOT NULL PRIMARY KEY,
	holder text COLLATE "C" NOT NULL,
	until timestamptz NOT NULL
);

-- The declarations under which rows were written.
CREATE TABLE itsm_declaration (
	kind text COLLATE "C" NOT NULL,
	digest bigint NOT NULL,
	indexes text NOT NULL,
	PRIMARY KEY (kind, digest)
);

-- +goose Down
DROP TABLE itsm_declaration;
DROP TABLE itsm_lease;
DROP TABLE itsm_consumer;
DROP TABLE itsm_series;
DROP TABLE itsm_key;
DROP TABLE itsm_event;
DROP TABLE itsm_schema;
