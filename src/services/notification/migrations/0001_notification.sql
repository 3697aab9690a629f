-- What the platform writes to its customers. A mail is a row, made in the transaction that takes the event it tells of.
CREATE TYPE notification.kind AS ENUM ('BOOKING_CONFIRMED', 'PAYMENT_FAILED', 'REFUND_INITIATED', 'REFUND_COMPLETED');

CREATE TYPE notification.state AS ENUM (
  'QUEUED',  -- to be sent, perhaps once more
  'SENT',    -- a mail server took it
  'REFUSED'  -- it was refused for good, or given up; the event is a dead letter, whose replay queues it again
);

CREATE TABLE notification.mail (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  booking_id      bigint NOT NULL,
  kind            notification.kind NOT NULL,
  user_id         bigint NOT NULL,          -- whose account's address it goes to
  message_id      text NOT NULL,            -- follows from booking and kind: the same however often it is sent
  state           notification.state NOT NULL DEFAULT 'QUEUED',
  -- The event it tells of:
  event_id        text NOT NULL,
  schema_version  integer NOT NULL,
  happened_at     timestamptz NOT NULL,
  correlation_id  text NOT NULL,
  facts           text NOT NULL,            -- its payload
  -- How it goes:
  queued_at       timestamptz NOT NULL DEFAULT now(),
  run             bigint NOT NULL DEFAULT 0,   -- attempts ever begun; only the newest may put it off or give it up
  attempts        integer NOT NULL DEFAULT 0,  -- since it was queued
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  words           text,                     -- of the mail server, or what went wrong on the way there
  sent_at         timestamptz,
  CONSTRAINT one_mail_of_a_kind UNIQUE (booking_id, kind),
  CHECK ((state = 'SENT') = (sent_at IS NOT NULL))
) WITH (fillfactor = 85);

CREATE INDEX mail_due ON notification.mail (next_attempt_at) WHERE state = 'QUEUED';

-- What was sent stays sent: nobody gets it again.
CREATE FUNCTION notification.guard_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (old.state, new.state) NOT IN (('QUEUED', 'SENT'), ('QUEUED', 'REFUSED'), ('REFUSED', 'QUEUED')) THEN
    RAISE EXCEPTION 'mail % may not go from % to %', old.id, old.state, new.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'legal_transition';
  END IF;
  RETURN new;
END $$;

CREATE TRIGGER legal_transition BEFORE UPDATE OF state ON notification.mail FOR EACH ROW
  WHEN (old.state <> new.state) EXECUTE FUNCTION notification.guard_state();

-- The least the service needs: nothing is deleted, and to whom a mail goes and about what never changes.
GRANT SELECT,
      INSERT (booking_id, kind, user_id, message_id, event_id, schema_version, happened_at, correlation_id, facts),
      UPDATE (state, event_id, schema_version, happened_at, correlation_id, facts, queued_at, run, attempts,
              next_attempt_at, words, sent_at)
  ON notification.mail TO ticketshow_notification;
