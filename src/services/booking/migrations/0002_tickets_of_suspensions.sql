-- Each who closes a schedule for a moment opens only what it closed itself.
ALTER TABLE booking.suspension ADD COLUMN ticket text NOT NULL DEFAULT '' CHECK (length(ticket) <= 100);
ALTER TABLE booking.suspension DROP CONSTRAINT suspension_pkey, ADD PRIMARY KEY (schedule_id, ticket);
ALTER TABLE booking.suspension ALTER COLUMN ticket DROP DEFAULT;
