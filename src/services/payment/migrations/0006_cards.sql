-- Payments by card, and wallets filled by card. The provider has a page of its own; what it takes from a card is a capture.

-- ---- a payment may be one by card, and one that fills a wallet (then it is for no booking)
ALTER TABLE payment.payment
  ALTER COLUMN booking_id DROP NOT NULL,
  ADD COLUMN idempotency_key text,  -- of a top-up, chosen by the client
  ADD COLUMN capture_id bigint UNIQUE,
  ADD COLUMN in_flight boolean NOT NULL GENERATED ALWAYS AS
    (step IN ('INTENT', 'CAPTURED') OR (step = 'GIVING_BACK' AND method = 'WALLET')) STORED,  -- it goes on by itself
  DROP CONSTRAINT payment_method_check,
  DROP CONSTRAINT captured_by_a_debit,
  ADD CONSTRAINT known_method CHECK (method IN ('WALLET', 'DODO')),
  ADD CONSTRAINT top_up_has_a_key CHECK ((booking_id IS NULL) = (idempotency_key IS NOT NULL)),
  ADD CONSTRAINT top_up_by_card CHECK (booking_id IS NOT NULL OR method = 'DODO'),
  ADD CONSTRAINT page_of_a_card CHECK (step <> 'CHECKOUT' OR method = 'DODO'),
  -- transaction_id is the movement in the wallet's ledger: the debit of a wallet payment, the credit of a top-up.
  ADD CONSTRAINT captured_by_debit_or_card CHECK (CASE method
    WHEN 'WALLET' THEN capture_id IS NULL AND (step IN ('INTENT', 'FAILED')) = (transaction_id IS NULL)
    ELSE (step IN ('INTENT', 'CHECKOUT', 'FAILED')) = (capture_id IS NULL)
         AND (booking_id IS NULL AND step = 'COMPLETED') = (transaction_id IS NOT NULL) END);
CREATE UNIQUE INDEX one_top_up_a_wish ON payment.payment (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
DROP INDEX payment.payment_in_flight;
CREATE INDEX payment_in_flight ON payment.payment (next_attempt_at) WHERE in_flight;

-- ---- the page, made with the payment and opened at the provider
CREATE TABLE payment.checkout (
  payment_id   bigint PRIMARY KEY REFERENCES payment.payment (id),
  reference    text NOT NULL UNIQUE,  -- under which the provider knows it: no other database ever had the same
  session_id   text UNIQUE,           -- the provider's
  url          text,
  opened_at    timestamptz,
  declined     text,                  -- why the latest attempt came to nothing
  next_look_at timestamptz,           -- when the provider is asked about it again; never when it cannot be paid any more
  CHECK ((session_id IS NULL) = (url IS NULL) AND (session_id IS NULL) = (opened_at IS NULL))
);
CREATE INDEX checkout_to_look_at ON payment.checkout (next_look_at) WHERE next_look_at IS NOT NULL;

-- ---- what the provider has taken from a card
CREATE TYPE payment.capture_state AS ENUM (
  'KEPT',      -- it is what its payment was captured by
  'OWED',      -- it must go back
  'STUCK',     -- it must go back, and an operator has to see to it
  'RETURNED'   -- it is back, the provider says
);
CREATE TABLE payment.capture (
  id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  payment_id          bigint NOT NULL REFERENCES payment.payment (id),
  provider_payment_id text NOT NULL UNIQUE,
  amount              bigint NOT NULL CHECK (amount > 0),
  currency            text NOT NULL,
  surplus             boolean NOT NULL,  -- its payment was not captured by it: it never paid for anything
  state               payment.capture_state NOT NULL,
  code                text,  -- why it goes back
  reason              text,  -- the same, a sentence for people
  captured_at         timestamptz NOT NULL DEFAULT now(),
  state_at            timestamptz NOT NULL DEFAULT now(),
  attempts_allowed    integer NOT NULL DEFAULT 5,
  failures            integer NOT NULL DEFAULT 0,  -- looks and sendings in a row that led no further
  next_attempt_at     timestamptz NOT NULL DEFAULT now(),
  UNIQUE (id, payment_id),
  CONSTRAINT surplus_is_never_kept CHECK (NOT (surplus AND state = 'KEPT')),
  CONSTRAINT owed_for_a_reason CHECK ((state = 'KEPT') = (code IS NULL) AND (code IS NULL) = (reason IS NULL))
);
CREATE UNIQUE INDEX one_capture_a_payment ON payment.capture (payment_id) WHERE NOT surplus;
CREATE INDEX capture_of_payment ON payment.capture (payment_id);
CREATE INDEX capture_owed ON payment.capture (next_attempt_at) WHERE state = 'OWED';
CREATE INDEX capture_not_back ON payment.capture (state_at) WHERE state IN ('OWED', 'STUCK');
ALTER TABLE payment.payment ADD CONSTRAINT captured_by_its_own
  FOREIGN KEY (capture_id, id) REFERENCES payment.capture (id, payment_id);

-- ---- attempts to send a capture back: recorded before they are sent, one at a time
CREATE TYPE payment.card_refund_state AS ENUM (
  'SENDING',    -- sent, or about to be: nobody knows whether the provider has it
  'PENDING',    -- it has, and works on it
  'SUCCEEDED',
  'FAILED'      -- nothing went back by this one
);
CREATE TABLE payment.card_refund (
  id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  capture_id         bigint NOT NULL REFERENCES payment.capture (id),
  attempt            integer NOT NULL CHECK (attempt > 0),
  reference          text NOT NULL UNIQUE,  -- ours, by which it is found at the provider
  provider_refund_id text UNIQUE,
  state              payment.card_refund_state NOT NULL DEFAULT 'SENDING',
  words              text,  -- of the provider, or why it failed
  sent_at            timestamptz NOT NULL DEFAULT now(),
  updated_at         timestamptz NOT NULL DEFAULT now(),
  UNIQUE (capture_id, attempt),
  CHECK (state IN ('SENDING', 'FAILED') OR provider_refund_id IS NOT NULL)
);
CREATE UNIQUE INDEX one_refund_a_capture ON payment.card_refund (capture_id) WHERE state <> 'FAILED';

ALTER TABLE payment.refund
  ADD COLUMN capture_id bigint UNIQUE REFERENCES payment.capture (id),  -- the capture that went back to its card
  DROP CONSTRAINT refund_check,
  ADD CONSTRAINT completed_by_a_credit_or_to_the_card
    CHECK (num_nonnulls(transaction_id, capture_id) = CASE WHEN completed_at IS NULL THEN 0 ELSE 1 END);

-- ---- what the provider told: hints to look
CREATE TABLE payment.notice (
  id                  text PRIMARY KEY,  -- the same for each delivery of one message
  about               text NOT NULL CHECK (about IN ('payment', 'refund', 'other')),
  type                text NOT NULL,     -- the provider's word
  provider_payment_id text NOT NULL,
  provider_refund_id  text NOT NULL,
  received_at         timestamptz NOT NULL DEFAULT now(),
  handled_at          timestamptz,
  outcome             text,
  failures            integer NOT NULL DEFAULT 0,
  next_attempt_at     timestamptz NOT NULL DEFAULT now(),
  CHECK ((handled_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX notice_to_handle ON payment.notice (next_attempt_at) WHERE handled_at IS NULL;
CREATE INDEX notice_by_time ON payment.notice (received_at);

-- ---- only legal changes
CREATE OR REPLACE FUNCTION payment.guard_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (old.step, new.step) NOT IN (
    ('INTENT', 'CHECKOUT'), ('INTENT', 'CAPTURED'), ('INTENT', 'FAILED'), ('CHECKOUT', 'CAPTURED'), ('CHECKOUT', 'FAILED'),
    ('CAPTURED', 'COMPLETED'), ('CAPTURED', 'GIVING_BACK'), ('COMPLETED', 'GIVING_BACK'), ('GIVING_BACK', 'REFUNDED')) THEN
    RAISE EXCEPTION 'payment % may not go from % to %', old.id, old.step, new.step
      USING ERRCODE = 'check_violation', CONSTRAINT = 'legal_transition';
  END IF;
  IF new.step = 'CAPTURED' AND new.method = 'DODO' AND NOT EXISTS (
    SELECT FROM payment.capture c
    WHERE c.id = new.capture_id AND NOT c.surplus AND c.amount = new.amount AND c.currency = new.currency) THEN
    RAISE EXCEPTION 'payment % was not captured by its amount', old.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'captured_by_its_amount';
  END IF;
  IF new.step = 'REFUNDED' AND NOT EXISTS (
    SELECT FROM payment.refund r WHERE r.payment_id = new.id AND r.completed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'payment % is not refunded yet', old.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'refunded_by_a_credit';
  END IF;
  new.updated_at := now();
  RETURN new;
END $$;

-- Whoever decides that a payment goes back need not know what it was captured by.
CREATE FUNCTION payment.owe_capture() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE payment.capture SET state = 'OWED', code = new.failure_code, reason = new.reason, next_attempt_at = now()
  WHERE id = new.capture_id AND state = 'KEPT';
  RETURN NULL;
END $$;
CREATE TRIGGER owe_capture AFTER UPDATE OF step ON payment.payment FOR EACH ROW
  WHEN (old.step <> new.step AND new.step = 'GIVING_BACK' AND new.capture_id IS NOT NULL) EXECUTE FUNCTION payment.owe_capture();

CREATE FUNCTION payment.guard_capture() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (old.state, new.state) NOT IN (
    ('KEPT', 'OWED'), ('OWED', 'RETURNED'), ('OWED', 'STUCK'), ('STUCK', 'OWED'), ('STUCK', 'RETURNED')) THEN
    RAISE EXCEPTION 'capture % may not go from % to %', old.id, old.state, new.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'legal_capture_transition';
  END IF;
  IF new.state = 'RETURNED' AND NOT EXISTS (
    SELECT FROM payment.card_refund r WHERE r.capture_id = new.id AND r.state = 'SUCCEEDED') THEN
    RAISE EXCEPTION 'capture % is not back yet', old.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'returned_by_a_refund';
  END IF;
  new.state_at := now();
  RETURN new;
END $$;
CREATE TRIGGER legal_capture_transition BEFORE UPDATE OF state ON payment.capture FOR EACH ROW
  WHEN (old.state <> new.state) EXECUTE FUNCTION payment.guard_capture();

CREATE FUNCTION payment.guard_card_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (old.state, new.state) NOT IN (
    ('SENDING', 'PENDING'), ('SENDING', 'SUCCEEDED'), ('SENDING', 'FAILED'), ('PENDING', 'SUCCEEDED'), ('PENDING', 'FAILED')) THEN
    RAISE EXCEPTION 'refund % may not go from % to %', old.id, old.state, new.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'legal_card_refund_transition';
  END IF;
  new.updated_at := now();
  RETURN new;
END $$;
CREATE TRIGGER legal_card_refund_transition BEFORE UPDATE OF state ON payment.card_refund FOR EACH ROW
  WHEN (old.state <> new.state) EXECUTE FUNCTION payment.guard_card_refund();

-- Nothing but old notices is deleted; what a capture is of and how much never changes.
GRANT INSERT (idempotency_key), UPDATE (capture_id) ON payment.payment TO ticketshow_payment;
GRANT UPDATE (capture_id) ON payment.refund TO ticketshow_payment;
GRANT SELECT, INSERT (payment_id, reference), UPDATE (session_id, url, opened_at, declined, next_look_at)
  ON payment.checkout TO ticketshow_payment;
GRANT SELECT, INSERT (payment_id, provider_payment_id, amount, currency, surplus, state, code, reason),
      UPDATE (state, code, reason, attempts_allowed, failures, next_attempt_at)
  ON payment.capture TO ticketshow_payment;
GRANT SELECT, INSERT (capture_id, attempt, reference), UPDATE (provider_refund_id, state, words, sent_at)
  ON payment.card_refund TO ticketshow_payment;
GRANT SELECT, INSERT (id, about, type, provider_payment_id, provider_refund_id, handled_at, outcome),
      UPDATE (handled_at, outcome, failures, next_attempt_at), DELETE
  ON payment.notice TO ticketshow_payment;
