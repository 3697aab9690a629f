-- What a service needs to publish events and to consume them, in its own schema, so that an event is recorded with the
-- change it tells of, and is taken with the effect it has. See src/events/README.md.

-- Events on their way out. Those that are published stay for a while: `ticketshow check` looks for their effect.
CREATE TABLE @schema@.outbox (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id       text NOT NULL DEFAULT gen_random_uuid()::text,
  topic          text NOT NULL,
  key            text NOT NULL,
  schema_version integer NOT NULL,
  happened_at    timestamptz NOT NULL DEFAULT now(),
  correlation_id text NOT NULL,
  payload        text NOT NULL,
  published_at   timestamptz
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05);

CREATE INDEX outbox_waiting ON @schema@.outbox (id) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON @schema@.outbox (published_at) WHERE published_at IS NOT NULL;

-- Events that had their effect here: one that comes again is passed over.
CREATE TABLE @schema@.inbox (
  event_id   text PRIMARY KEY,
  handled_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX inbox_handled ON @schema@.inbox (handled_at);

-- Events that could not be handled, and those of the same key that came after them.
CREATE TABLE @schema@.set_aside (
  event_id        text PRIMARY KEY,
  topic           text NOT NULL,
  key             text NOT NULL,
  schema_version  integer NOT NULL,
  happened_at     timestamptz NOT NULL,
  correlation_id  text NOT NULL,
  payload         text NOT NULL,
  place           bigint GENERATED ALWAYS AS IDENTITY UNIQUE,  -- of one topic and key: their order
  set_aside_at    timestamptz NOT NULL DEFAULT now(),
  attempts        integer NOT NULL,
  next_attempt_at timestamptz,  -- none: a dead letter, which waits for an operator
  error           text NOT NULL
);

CREATE INDEX set_aside_waiting ON @schema@.set_aside (topic, key, place) WHERE next_attempt_at IS NOT NULL;

GRANT SELECT, INSERT (topic, key, schema_version, correlation_id, payload), UPDATE (published_at), DELETE
  ON @schema@.outbox TO ticketshow_@schema@;
GRANT SELECT, INSERT (event_id), DELETE ON @schema@.inbox TO ticketshow_@schema@;
GRANT SELECT, INSERT (event_id, topic, key, schema_version, happened_at, correlation_id, payload, attempts,
                      next_attempt_at, error),
      UPDATE (attempts, next_attempt_at, error), DELETE
  ON @schema@.set_aside TO ticketshow_@schema@;

-- The statements of src/events serve every schema: they name their tables without one.
DO $$
BEGIN
  EXECUTE format('ALTER ROLE ticketshow_@schema@ IN DATABASE %I SET search_path = @schema@', current_database());
END $$;
