-- When one of a consumer's processes was last alive, to the hour: one that never comes back must not keep the log for ever.
ALTER TABLE bus.progress ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now();
