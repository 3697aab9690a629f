-- What administrators read: the bookings of a showing, and the showings of some days.
CREATE INDEX booking_of_schedule ON booking.booking (schedule_id, id DESC);
CREATE INDEX schedule_by_start ON booking.schedule (start_time);
