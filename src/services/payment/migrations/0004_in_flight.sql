-- Only who looks for what is due may use this index, and says so by the same words. Usually it is empty, so that a plan which finds
-- one payment by it looks cheap; in the middle of a hundred thousand refunds it would read all of them.
DROP INDEX payment.payment_in_flight;
CREATE INDEX payment_in_flight ON payment.payment (next_attempt_at) WHERE live AND step <> 'COMPLETED';

-- For the same reason no plan made while the tables were small may become a scan of all rows later.
DO $$
BEGIN
  EXECUTE format('ALTER ROLE ticketshow_payment IN DATABASE %I SET enable_seqscan = off', current_database());
END $$;
