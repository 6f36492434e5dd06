-- All events, by the month in which they were stored; those that no month's table takes are in the rest. Their order is that
-- of at, the number of the transaction, and then of seq. An event that was purged leaves its place. A unique index cannot
-- reach over the months: that a version is stored once, its record's row sees to.
CREATE SEQUENCE itsm_event_seq;
CREATE TABLE itsm_event (
	seq bigint NOT NULL DEFAULT nextval('itsm_event_seq'),
	at bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
	stored timestamptz NOT NULL DEFAULT now(),
	tenant text COLLATE "C" NOT NULL,
	kind text COLLATE "C" NOT NULL,
	id uuid,
	version bigint,
	event text
) PARTITION BY RANGE (stored);
ALTER SEQUENCE itsm_event_seq OWNED BY itsm_event.seq;
CREATE TABLE itsm_event_rest PARTITION OF itsm_event DEFAULT;
CREATE INDEX itsm_event_number ON itsm_event (seq);
CREATE INDEX itsm_event_at ON itsm_event (at, seq);
CREATE INDEX itsm_event_version ON itsm_event (id, version, kind, tenant);
