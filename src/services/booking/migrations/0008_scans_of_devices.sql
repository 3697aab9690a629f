-- Scanners choose their scan_ids alone: those of two devices may be equal. And which showing was entered is known where a scanner
-- says so.
ALTER TABLE booking.scan_conflict
  ADD COLUMN entered_schedule_id bigint,
  DROP CONSTRAINT scan_conflict_pkey, ADD PRIMARY KEY (booking_id, seat_no, device, scan_id),
  DROP CONSTRAINT scan_conflict_kind_check, ADD CHECK (kind IN (
    'ADMITTED_TWICE', 'ADMITTED_AFTER_CANCELLATION', 'ADMITTED_TO_ANOTHER_SHOWING', 'ADMITTED_OUTSIDE_HOURS'));

GRANT INSERT (entered_schedule_id) ON booking.scan_conflict TO ticketshow_booking;
