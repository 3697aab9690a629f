-- A plan made while there were few mails must not become a scan of all of them when a hundred thousand are queued at once.
DO $$
BEGIN
  EXECUTE format('ALTER ROLE ticketshow_notification IN DATABASE %I SET enable_seqscan = off', current_database());
END $$;
