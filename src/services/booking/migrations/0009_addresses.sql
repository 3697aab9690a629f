-- Where the venue is, for tickets and calendars. Of copies from before this step it is not known until catalog tells of
-- them again, which it does of all that is still to come.
ALTER TABLE booking.schedule ADD COLUMN venue_address text;

CREATE OR REPLACE VIEW booking.shown_booking AS
  SELECT b.id, b.user_id, b.schedule_id, b.screen_id, b.seats, b.total_amount, s.currency,
         CASE WHEN b.state = 'PENDING' AND b.expires_at <= statement_timestamp()
              THEN 'EXPIRED' ELSE b.state END AS status,
         b.correlation_id, b.created_at, b.expires_at, s.seats_per_row, s.show_name, b.show_time, s.venue_name,
         s.screen_name, s.time_zone,
         CASE WHEN s.start_time = b.show_time THEN s.end_time END AS end_time,  -- of what was booked
         s.venue_address
  FROM booking.booking b JOIN booking.schedule s ON s.id = b.schedule_id;
