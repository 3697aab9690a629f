-- What booking knows of catalog's schedules. A copy: the version tells which of two is newer.
CREATE TYPE booking.sale_state AS ENUM (
  'OPEN',        -- may be sold
  'CANCELLING',  -- closed for good; live bookings are being cancelled
  'CANCELLED'    -- closed for good; no live booking is left
);

CREATE TABLE booking.schedule (
  id            bigint PRIMARY KEY,
  version       bigint NOT NULL,
  state         booking.sale_state NOT NULL,
  show_name     text NOT NULL,
  venue_name    text NOT NULL,
  time_zone     text NOT NULL,
  screen_id     bigint NOT NULL,
  screen_name   text NOT NULL,
  capacity      smallint NOT NULL CHECK (capacity > 0),
  seats_per_row smallint NOT NULL CHECK (seats_per_row > 0),
  start_time    timestamptz NOT NULL,
  price         bigint NOT NULL CHECK (price > 0),
  currency      text NOT NULL
) WITH (fillfactor = 50);  -- row locks and updates stay on their page

CREATE INDEX schedule_cancelling ON booking.schedule (id) WHERE state = 'CANCELLING';

CREATE FUNCTION booking.refuse_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% % may not go from % to %', TG_TABLE_NAME, old.id, old.state, new.state
    USING ERRCODE = 'check_violation', CONSTRAINT = 'legal_transition';
END $$;

CREATE TRIGGER legal_transition BEFORE UPDATE OF state ON booking.schedule FOR EACH ROW
  WHEN (new.state < old.state)  -- in the order of the type: never back
  EXECUTE FUNCTION booking.refuse_transition();

-- Schedules closed for a moment, known here or not: see suspend_sale in api/booking.hpp.
CREATE TABLE booking.suspension (
  schedule_id bigint PRIMARY KEY,
  until       timestamptz NOT NULL
);

CREATE TYPE booking.booking_state AS ENUM ('PENDING', 'CONFIRMED', 'CANCELLED', 'FAILED', 'EXPIRED');
CREATE SEQUENCE booking.booking_id AS bigint;

CREATE TABLE booking.booking (
  id              bigint PRIMARY KEY,
  user_id         bigint NOT NULL,
  schedule_id     bigint NOT NULL,
  -- The showing as it was booked: a schedule that moves must not take an old booking along.
  screen_id       bigint NOT NULL,
  show_time       timestamptz NOT NULL,
  created_at      timestamptz NOT NULL,
  expires_at      timestamptz NOT NULL CHECK (expires_at > created_at),
  total_amount    bigint NOT NULL CHECK (total_amount > 0),
  payment_id      bigint,
  state           booking.booking_state NOT NULL DEFAULT 'PENDING',
  live            boolean NOT NULL GENERATED ALWAYS AS (state IN ('PENDING', 'CONFIRMED')) STORED,
  seats           smallint[] NOT NULL CHECK (cardinality(seats) BETWEEN 1 AND 10),
  idempotency_key text COLLATE "C" NOT NULL,
  correlation_id  text NOT NULL,
  UNIQUE (user_id, idempotency_key),
  UNIQUE (id, schedule_id, live),
  CONSTRAINT confirmed_by_one_payment CHECK (state = 'CANCELLED' OR (state = 'CONFIRMED') = (payment_id IS NOT NULL))
) WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

-- Partial, so that a hold, which has no payment yet, costs no entry.
CREATE UNIQUE INDEX booking_of_payment ON booking.booking (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX booking_of_user ON booking.booking (user_id, id DESC);
CREATE INDEX booking_live_of_user ON booking.booking (user_id, schedule_id) WHERE live;
CREATE INDEX booking_due ON booking.booking (expires_at) WHERE state = 'PENDING';

-- A hold resolves once (I10); a late payment may take an expired booking's seats again.
CREATE TRIGGER legal_transition BEFORE UPDATE OF state ON booking.booking FOR EACH ROW
  WHEN (old.state <> new.state
        AND NOT (old.state = 'PENDING'
                 OR (old.state, new.state) IN (('CONFIRMED', 'CANCELLED'), ('EXPIRED', 'CONFIRMED'))))
  EXECUTE FUNCTION booking.refuse_transition();

-- The claims. A change of the booking's state reaches them through the foreign key, so that seats are freed and taken
-- with it, and the unique index below makes a double sale impossible whatever the code does (I1).
CREATE TABLE booking.booking_seat (
  booking_id  bigint NOT NULL,
  schedule_id bigint NOT NULL,
  seat_no     smallint NOT NULL CHECK (seat_no > 0),
  live        boolean NOT NULL DEFAULT true,
  PRIMARY KEY (booking_id, seat_no),
  FOREIGN KEY (booking_id, schedule_id, live) REFERENCES booking.booking (id, schedule_id, live) ON UPDATE CASCADE
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

CREATE UNIQUE INDEX seat_sold_once ON booking.booking_seat (schedule_id, seat_no) WHERE live;

-- What payment must give back; written with the cancellation, answered once payment did.
CREATE TABLE booking.refund_request (
  booking_id      bigint PRIMARY KEY REFERENCES booking.booking (id),
  initiated_by    text NOT NULL CHECK (initiated_by IN ('USER', 'ADMIN', 'SYSTEM')),
  reason          text NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  attempts        integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  answered_at     timestamptz,
  outcome         text CHECK ((outcome IS NULL) = (answered_at IS NULL))
);

CREATE INDEX refund_request_due ON booking.refund_request (next_attempt_at, booking_id) WHERE answered_at IS NULL;

-- A booking as its owner sees it. A hold whose time has passed is shown as what it is, before the sweeper came by.
CREATE VIEW booking.shown_booking AS
  SELECT b.id, b.user_id, b.schedule_id, b.screen_id, b.seats, b.total_amount, s.currency,
         CASE WHEN b.state = 'PENDING' AND b.expires_at <= statement_timestamp()
              THEN 'EXPIRED' ELSE b.state END AS status,
         b.correlation_id, b.created_at, b.expires_at, s.seats_per_row, s.show_name, b.show_time, s.venue_name,
         s.screen_name, s.time_zone
  FROM booking.booking b JOIN booking.schedule s ON s.id = b.schedule_id;

-- The least the service needs: it deletes no schedule and no booking, a booking begins PENDING, and what was booked
-- never changes.
GRANT SELECT, INSERT, UPDATE ON booking.schedule TO ticketshow_booking;
GRANT SELECT, INSERT, UPDATE, DELETE ON booking.suspension TO ticketshow_booking;
GRANT USAGE ON SEQUENCE booking.booking_id TO ticketshow_booking;
GRANT SELECT,
      INSERT (id, user_id, schedule_id, screen_id, show_time, created_at, expires_at, total_amount, seats,
              idempotency_key, correlation_id),
      UPDATE (state, payment_id)
  ON booking.booking TO ticketshow_booking;
GRANT SELECT ON booking.shown_booking TO ticketshow_booking;
GRANT SELECT, INSERT (booking_id, schedule_id, seat_no) ON booking.booking_seat TO ticketshow_booking;
GRANT SELECT, INSERT (booking_id, initiated_by, reason), UPDATE (attempts, next_attempt_at, answered_at, outcome)
  ON booking.refund_request TO ticketshow_booking;

-- Every statement of this role finds its rows by an index. A generic plan made while the tables were empty must not
-- become a scan of millions of rows later.
DO $$
BEGIN
  EXECUTE format('ALTER ROLE ticketshow_booking IN DATABASE %I SET enable_seqscan = off', current_database());
END $$;
