-- Payment hears of a refund by an event, written with the cancellation; what stays here is who asked for it and why.
DROP INDEX booking.refund_request_due;
ALTER TABLE booking.refund_request
  DROP COLUMN attempts, DROP COLUMN next_attempt_at, DROP COLUMN answered_at, DROP COLUMN outcome;
