-- Booking keeps the venue's address now: what is still to come is told once more after the start.
INSERT INTO catalog.untold (schedule_id) SELECT id FROM catalog.schedule WHERE starts_at > now() ON CONFLICT DO NOTHING;
