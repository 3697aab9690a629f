-- How far the cancellation of a showing is, for its administrator. Counted with each step, so that asking costs little.
CREATE TABLE booking.cancellation (
  schedule_id     bigint PRIMARY KEY REFERENCES booking.schedule (id),
  started_at      timestamptz NOT NULL DEFAULT now(),  -- closed to sale
  changed_at      timestamptz NOT NULL DEFAULT now(),  -- the last step
  cancelled       bigint NOT NULL DEFAULT 0,           -- bookings
  refunds         bigint NOT NULL DEFAULT 0,           -- of them, those that were paid
  refund_amount   bigint NOT NULL DEFAULT 0,
  refunded        bigint NOT NULL DEFAULT 0,           -- refunds whose money is back
  refunded_amount bigint NOT NULL DEFAULT 0,
  CHECK (refunded <= refunds AND refunds <= cancelled)
) WITH (fillfactor = 50);

INSERT INTO booking.cancellation (schedule_id) SELECT id FROM booking.schedule WHERE state = 'CANCELLING';

-- Whose showing it is. Copies from before learn it from catalog, which tells of every showing to come once more.
ALTER TABLE booking.schedule ADD COLUMN show_id bigint, ADD COLUMN venue_id bigint;
CREATE INDEX schedule_of_show ON booking.schedule (show_id);
CREATE INDEX schedule_of_venue ON booking.schedule (venue_id);

-- When payment said that the money is back.
ALTER TABLE booking.refund_request ADD COLUMN completed_at timestamptz;
ALTER TABLE booking.refund_request SET (fillfactor = 80);

GRANT SELECT, INSERT (schedule_id),
      UPDATE (changed_at, cancelled, refunds, refund_amount, refunded, refunded_amount)
  ON booking.cancellation TO ticketshow_booking;
GRANT UPDATE (completed_at) ON booking.refund_request TO ticketshow_booking;
