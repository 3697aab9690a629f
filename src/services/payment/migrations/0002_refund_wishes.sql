-- Bookings whose payment must go back. A wish may come before its payment is COMPLETED: whoever completes it looks here.
CREATE TABLE payment.refund_wish (
  booking_id   bigint PRIMARY KEY,
  initiated_by text NOT NULL CHECK (initiated_by IN ('USER', 'ADMIN', 'SYSTEM')),
  reason       text NOT NULL,
  wished_at    timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT (booking_id, initiated_by, reason) ON payment.refund_wish TO ticketshow_payment;

-- With which address the payer was signed in, for the event of the success.
ALTER TABLE payment.payment ADD COLUMN payer_email text;
GRANT INSERT (payer_email) ON payment.payment TO ticketshow_payment;
