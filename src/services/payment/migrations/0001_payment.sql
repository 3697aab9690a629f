-- A payment is a row with a step, which says what is certain; what comes next follows from it (rules.hpp).
CREATE TYPE payment.step AS ENUM (
  'INTENT',       -- nothing is known to have moved
  'CAPTURED',     -- the money left the wallet
  'COMPLETED',    -- and confirmed the booking
  'FAILED',       -- no money moved, nor will it
  'GIVING_BACK',  -- the money must go back; payment.refund says why
  'REFUNDED'      -- it has
);

CREATE TABLE payment.payment (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  booking_id      bigint NOT NULL,
  user_id         bigint NOT NULL,
  amount          bigint NOT NULL CHECK (amount > 0),
  currency        text NOT NULL,
  method          text NOT NULL CHECK (method = 'WALLET'),
  description     text NOT NULL,
  step            payment.step NOT NULL DEFAULT 'INTENT',
  live            boolean NOT NULL GENERATED ALWAYS AS (step NOT IN ('FAILED', 'REFUNDED')) STORED,
  reason          text NOT NULL DEFAULT 'requested by the customer',  -- why it is in this step, a sentence for people
  failure_code    text,
  transaction_id  bigint UNIQUE,  -- the debit in the wallet's ledger
  correlation_id  text NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  -- Who works on it. A run is an attempt to bring it to its end; only the newest may put it off or let it fail.
  run             bigint NOT NULL DEFAULT 1,
  failures        integer NOT NULL DEFAULT 0,  -- runs in a row that could not finish
  lease_until     timestamptz NOT NULL,        -- until then a run is probably under way
  next_attempt_at timestamptz NOT NULL,
  in_doubt_until  timestamptz NOT NULL,        -- until then an earlier debit may still take effect
  UNIQUE (id, amount),
  CONSTRAINT captured_by_a_debit CHECK ((step IN ('INTENT', 'FAILED')) = (transaction_id IS NULL)),
  CONSTRAINT failure_has_a_code CHECK ((step IN ('FAILED', 'GIVING_BACK', 'REFUNDED')) = (failure_code IS NOT NULL))
);

-- Parallel payments of one booking are one payment.
CREATE UNIQUE INDEX one_live_payment ON payment.payment (booking_id) WHERE live;
CREATE INDEX payment_of_booking ON payment.payment (booking_id, id DESC);
CREATE INDEX payment_of_user ON payment.payment (user_id, id DESC);
CREATE INDEX payment_in_flight ON payment.payment (next_attempt_at) WHERE step IN ('INTENT', 'CAPTURED', 'GIVING_BACK');

-- What goes back, once a payment, to where it came from and as much.
CREATE TABLE payment.refund (
  payment_id     bigint PRIMARY KEY,
  amount         bigint NOT NULL,
  initiated_by   text NOT NULL CHECK (initiated_by IN ('USER', 'ADMIN', 'SYSTEM')),
  reason         text NOT NULL,
  requested_at   timestamptz NOT NULL DEFAULT now(),
  transaction_id bigint UNIQUE,  -- the credit in the wallet's ledger
  completed_at   timestamptz,
  CHECK ((transaction_id IS NULL) = (completed_at IS NULL)),
  FOREIGN KEY (payment_id, amount) REFERENCES payment.payment (id, amount)
);

-- How each payment came to its step. No step is reached twice.
CREATE TABLE payment.transition (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  payment_id bigint NOT NULL REFERENCES payment.payment (id),
  from_step  payment.step,
  to_step    payment.step NOT NULL,
  reason     text NOT NULL,
  run        bigint NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (payment_id, to_step)
);

CREATE FUNCTION payment.guard_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (old.step, new.step) NOT IN (
    ('INTENT', 'CAPTURED'), ('INTENT', 'FAILED'), ('CAPTURED', 'COMPLETED'), ('CAPTURED', 'GIVING_BACK'),
    ('COMPLETED', 'GIVING_BACK'), ('GIVING_BACK', 'REFUNDED')) THEN
    RAISE EXCEPTION 'payment % may not go from % to %', old.id, old.step, new.step
      USING ERRCODE = 'check_violation', CONSTRAINT = 'legal_transition';
  END IF;
  IF new.step = 'REFUNDED' AND NOT EXISTS (
    SELECT FROM payment.refund r WHERE r.payment_id = new.id AND r.completed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'payment % is not refunded yet', old.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'refunded_by_a_credit';
  END IF;
  new.updated_at := now();
  RETURN new;
END $$;

CREATE TRIGGER legal_transition BEFORE UPDATE OF step ON payment.payment FOR EACH ROW
  WHEN (old.step <> new.step) EXECUTE FUNCTION payment.guard_step();

CREATE FUNCTION payment.record_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO payment.transition (payment_id, from_step, to_step, reason, run)
  VALUES (new.id, CASE WHEN TG_OP = 'UPDATE' THEN old.step END, new.step, new.reason, new.run);
  RETURN NULL;
END $$;

CREATE TRIGGER record_first_step AFTER INSERT ON payment.payment FOR EACH ROW EXECUTE FUNCTION payment.record_step();
CREATE TRIGGER record_step AFTER UPDATE OF step ON payment.payment FOR EACH ROW
  WHEN (old.step <> new.step) EXECUTE FUNCTION payment.record_step();

-- The least the service needs: nothing is deleted, a payment begins as an intent, who pays how much for what never
-- changes, and the history is only added to.
GRANT SELECT,
      INSERT (booking_id, user_id, amount, currency, method, description, correlation_id, lease_until, next_attempt_at,
              in_doubt_until),
      UPDATE (step, reason, failure_code, transaction_id, run, failures, lease_until, next_attempt_at, in_doubt_until)
  ON payment.payment TO ticketshow_payment;
GRANT SELECT, INSERT (payment_id, amount, initiated_by, reason), UPDATE (transaction_id, completed_at)
  ON payment.refund TO ticketshow_payment;
GRANT SELECT, INSERT (payment_id, from_step, to_step, reason, run) ON payment.transition TO ticketshow_payment;
