-- Every attempt to pay that the provider showed us, until it has ended; and what else was to be kept of cards.

-- ---- attempts to charge a card: the provider's payments that are ours, also those that came to nothing
CREATE TYPE payment.charge_state AS ENUM (
  'OPEN',       -- it may still become anything
  'FAILED',     -- nothing was taken; while its page is open it may still become anything
  'CANCELLED',  -- the same, because somebody left
  'SUCCEEDED'   -- what was taken is a capture
);
CREATE TABLE payment.charge (
  provider_payment_id text PRIMARY KEY,
  payment_id          bigint NOT NULL REFERENCES payment.payment (id),
  state               payment.charge_state NOT NULL,
  seen_at             timestamptz NOT NULL DEFAULT now(),
  looked_at           timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX charge_not_charged ON payment.charge (payment_id, looked_at) WHERE state <> 'SUCCEEDED';
INSERT INTO payment.charge (provider_payment_id, payment_id, state)
  SELECT provider_payment_id, payment_id, 'SUCCEEDED' FROM payment.capture;

-- ---- how far the provider's list of payments was read
CREATE TABLE payment.sweep (
  single     boolean PRIMARY KEY DEFAULT true CHECK (single),
  read_until timestamptz NOT NULL,  -- of the payments that were made there before, every one was seen
  next_at    timestamptz NOT NULL   -- until then somebody reads it, or nobody has to
);
INSERT INTO payment.sweep (read_until, next_at) VALUES (now() - interval '2 days', now());

-- ---- refunds that get nowhere
ALTER TABLE payment.capture
  ADD COLUMN errors  integer NOT NULL DEFAULT 0,  -- in a row: what could not even be asked or sent
  ADD COLUMN trouble text;                        -- the latest of them, in words

-- ---- disputes are told too
ALTER TABLE payment.notice
  DROP CONSTRAINT notice_about_check,
  ADD CONSTRAINT notice_about_check CHECK (about IN ('payment', 'refund', 'dispute', 'other'));
CREATE INDEX notice_of_dispute ON payment.notice (received_at) WHERE about = 'dispute';

-- ---- the reconciler reads pages in the order in which they were opened
CREATE INDEX checkout_by_time ON payment.checkout (opened_at, payment_id) WHERE opened_at IS NOT NULL;

GRANT SELECT, INSERT (provider_payment_id, payment_id, state), UPDATE (state, looked_at) ON payment.charge TO ticketshow_payment;
GRANT SELECT, UPDATE (read_until, next_at) ON payment.sweep TO ticketshow_payment;
GRANT UPDATE (errors, trouble) ON payment.capture TO ticketshow_payment;
