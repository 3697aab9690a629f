-- Captures that we keep and whose money somebody sent back at the provider: their bookings stand, and an operator hears of it.
ALTER TABLE payment.capture ADD COLUMN refunded_outside_at timestamptz;  -- when that was seen
CREATE INDEX capture_refunded_outside ON payment.capture (id) WHERE refunded_outside_at IS NOT NULL;
GRANT UPDATE (refunded_outside_at) ON payment.capture TO ticketshow_payment;
