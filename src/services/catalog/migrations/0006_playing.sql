-- What plays on some days: read for everybody who opens the web app, from this index alone.
CREATE INDEX schedule_playing ON catalog.schedule (screen_id, starts_at) INCLUDE (show_id) WHERE status = 'ACTIVE';
