-- Booking hears of schedules by events now. What is still to come is told once more after the start: copies learn what they
-- lacked, and what waited to be told is not lost.
CREATE TABLE catalog.untold (
  schedule_id bigint PRIMARY KEY REFERENCES catalog.schedule (id)
);

INSERT INTO catalog.untold (schedule_id)
  SELECT id FROM catalog.schedule WHERE starts_at > now() UNION SELECT schedule_id FROM catalog.booking_sync;

DROP TABLE catalog.booking_sync;

GRANT SELECT, UPDATE, DELETE ON catalog.untold TO ticketshow_catalog;
