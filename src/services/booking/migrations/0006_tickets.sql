-- The keys that sign tickets. A booking's tickets are signed by the newest key that was in force when the booking was
-- made: so its codes are the same whenever they are asked for, and a key that leaked can forge none of newer bookings.
CREATE TABLE booking.ticket_key (
  kid       text PRIMARY KEY CHECK (length(kid) = 8),
  seed      text NOT NULL CHECK (length(seed) = 64),
  starts_at timestamptz NOT NULL UNIQUE
);

-- Who was admitted with which ticket, once (the primary key). Only a seat that a booking claims can be.
CREATE TABLE booking.admission (
  booking_id  bigint NOT NULL,
  seat_no     smallint NOT NULL,
  admitted_at timestamptz NOT NULL,  -- at the door, by the scanner's clock when it had no network
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  device      text CHECK (length(device) BETWEEN 1 AND 100),
  staff_id    bigint NOT NULL,
  scan_id     text NOT NULL CHECK (length(scan_id) BETWEEN 1 AND 64),
  PRIMARY KEY (booking_id, seat_no),
  FOREIGN KEY (booking_id, seat_no) REFERENCES booking.booking_seat (booking_id, seat_no)
);

-- Nobody is admitted with a booking that is not confirmed at that moment: the lock makes a cancellation under way, and
-- an admission under way, wait for each other.
CREATE FUNCTION booking.admit_while_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM booking.booking b WHERE b.id = new.booking_id AND b.state = 'CONFIRMED' FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'booking % is not confirmed', new.booking_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'admitted_while_confirmed';
  END IF;
  new.recorded_at := clock_timestamp();
  RETURN new;
END $$;

CREATE TRIGGER admitted_while_confirmed BEFORE INSERT ON booking.admission FOR EACH ROW
  EXECUTE FUNCTION booking.admit_while_confirmed();

-- Whoever was let in cannot have the money back; an administrator can give it all the same. Its time is that of its
-- row, not of its transaction: the cancellation's lock has been waited for by then.
ALTER TABLE booking.refund_request ALTER COLUMN created_at SET DEFAULT clock_timestamp();

CREATE FUNCTION booking.refuse_refund_of_admitted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM booking.admission a WHERE a.booking_id = new.booking_id) THEN
    RAISE EXCEPTION 'somebody was admitted with booking %', new.booking_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'admitted_or_refunded';
  END IF;
  RETURN new;
END $$;

CREATE TRIGGER admitted_or_refunded BEFORE INSERT ON booking.refund_request FOR EACH ROW
  WHEN (new.initiated_by = 'USER') EXECUTE FUNCTION booking.refuse_refund_of_admitted();

-- Scans made without a network by which somebody was let in who should not have been.
CREATE TABLE booking.scan_conflict (
  booking_id  bigint NOT NULL,
  seat_no     smallint NOT NULL,
  scan_id     text NOT NULL CHECK (length(scan_id) BETWEEN 1 AND 64),
  schedule_id bigint NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('ADMITTED_TWICE', 'ADMITTED_AFTER_CANCELLATION')),
  scanned_at  timestamptz NOT NULL,
  uploaded_at timestamptz NOT NULL DEFAULT now(),
  device      text NOT NULL CHECK (length(device) BETWEEN 1 AND 100),
  staff_id    bigint NOT NULL,
  PRIMARY KEY (booking_id, seat_no, scan_id),
  FOREIGN KEY (booking_id, seat_no) REFERENCES booking.booking_seat (booking_id, seat_no)
);

CREATE INDEX scan_conflict_of_schedule ON booking.scan_conflict (schedule_id, uploaded_at DESC);

-- The tickets that a list for scanners must call dead.
CREATE INDEX booking_cancelled_of_schedule ON booking.booking (schedule_id)
  WHERE state = 'CANCELLED' AND payment_id IS NOT NULL;

-- Admissions, conflicts and keys are never changed and never deleted.
GRANT SELECT, INSERT ON booking.ticket_key TO ticketshow_booking;
GRANT SELECT, INSERT (booking_id, seat_no, admitted_at, device, staff_id, scan_id) ON booking.admission
  TO ticketshow_booking;
GRANT SELECT, INSERT (booking_id, seat_no, scan_id, schedule_id, kind, scanned_at, device, staff_id)
  ON booking.scan_conflict TO ticketshow_booking;
