-- Every statement of this role finds its rows by an index. A generic plan made while the log was empty must not become a scan of
-- all of it when a hundred thousand events come at once.
DO $$
BEGIN
  EXECUTE format('ALTER ROLE ticketshow_notification IN DATABASE %I SET enable_seqscan = off', current_database());
END $$;
