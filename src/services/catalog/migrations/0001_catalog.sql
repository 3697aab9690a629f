CREATE EXTENSION IF NOT EXISTS btree_gist;  -- equality of the screen beside the overlap of times in one constraint

-- Every change takes the next version: of two copies of a thing the one with the higher version is the newer.
CREATE SEQUENCE catalog.version AS bigint;

CREATE FUNCTION catalog.take_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  new.version := nextval('catalog.version');
  RETURN new;
END $$;

CREATE TABLE catalog.show (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  version          bigint NOT NULL DEFAULT nextval('catalog.version'),
  title            text NOT NULL CHECK (length(title) BETWEEN 1 AND 255),
  status           text NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'CANCELLED')),
  duration_minutes integer NOT NULL CHECK (duration_minutes BETWEEN 1 AND 1000),
  price            bigint NOT NULL CHECK (price > 0),
  description      text NOT NULL CHECK (length(description) <= 4000),
  language         text CHECK (length(language) BETWEEN 1 AND 50),
  rating           text CHECK (length(rating) BETWEEN 1 AND 20),
  poster_url       text,
  created_at       timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE catalog.venue (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  version      bigint NOT NULL DEFAULT nextval('catalog.version'),
  name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
  location     text NOT NULL CHECK (length(location) BETWEEN 1 AND 500),
  city         text NOT NULL CHECK (length(city) BETWEEN 1 AND 100),
  time_zone    text NOT NULL,
  opening_time time NOT NULL,
  closing_time time NOT NULL,
  status       text NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'INACTIVE')),
  created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE UNIQUE INDEX venue_name_in_city ON catalog.venue (lower(city), lower(name));

CREATE TABLE catalog.screen (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  version       bigint NOT NULL DEFAULT nextval('catalog.version'),
  venue_id      bigint NOT NULL REFERENCES catalog.venue (id),
  name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
  capacity      integer NOT NULL CHECK (capacity BETWEEN 1 AND 2000),
  seats_per_row integer NOT NULL DEFAULT 12 CHECK (seats_per_row BETWEEN 1 AND 60),
  created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE UNIQUE INDEX screen_name_in_venue ON catalog.screen (venue_id, lower(name));

CREATE TABLE catalog.schedule (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  version    bigint NOT NULL DEFAULT nextval('catalog.version'),
  show_id    bigint NOT NULL REFERENCES catalog.show (id),
  screen_id  bigint NOT NULL REFERENCES catalog.screen (id),
  starts_at  timestamptz NOT NULL,
  ends_at    timestamptz NOT NULL CHECK (ends_at > starts_at),
  status     text NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'CANCELLED')),
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT one_showing_at_a_time
    EXCLUDE USING gist (screen_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (status = 'ACTIVE')
);

CREATE INDEX schedule_of_show ON catalog.schedule (show_id, starts_at);
CREATE INDEX schedule_of_screen ON catalog.schedule (screen_id, starts_at);

CREATE TRIGGER take_version BEFORE UPDATE ON catalog.show FOR EACH ROW
  WHEN (old IS DISTINCT FROM new) EXECUTE FUNCTION catalog.take_version();
CREATE TRIGGER take_version BEFORE UPDATE ON catalog.venue FOR EACH ROW
  WHEN (old IS DISTINCT FROM new) EXECUTE FUNCTION catalog.take_version();
CREATE TRIGGER take_version BEFORE UPDATE ON catalog.screen FOR EACH ROW
  WHEN (old IS DISTINCT FROM new) EXECUTE FUNCTION catalog.take_version();
CREATE TRIGGER take_version BEFORE UPDATE ON catalog.schedule FOR EACH ROW
  WHEN (old IS DISTINCT FROM new) EXECUTE FUNCTION catalog.take_version();

-- What must never happen, whatever the code does: seats vanish, the cancelled comes back.
CREATE FUNCTION catalog.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;

CREATE TRIGGER capacity_may_only_grow BEFORE UPDATE OF capacity, seats_per_row ON catalog.screen FOR EACH ROW
  WHEN (new.capacity < old.capacity OR new.seats_per_row <> old.seats_per_row)
  EXECUTE FUNCTION catalog.refuse_change('seats of a screen cannot be taken away or moved');
CREATE TRIGGER cancelled_for_good BEFORE UPDATE OF status ON catalog.show FOR EACH ROW
  WHEN (old.status = 'CANCELLED' AND new.status <> 'CANCELLED')
  EXECUTE FUNCTION catalog.refuse_change('a cancelled show stays cancelled');
CREATE TRIGGER cancelled_for_good BEFORE UPDATE OF status ON catalog.schedule FOR EACH ROW
  WHEN (old.status = 'CANCELLED' AND new.status <> 'CANCELLED')
  EXECUTE FUNCTION catalog.refuse_change('a cancelled showing stays cancelled');

-- Schedules that booking has to hear of; written with the change, taken away once booking was told of that version.
CREATE TABLE catalog.booking_sync (
  schedule_id bigint PRIMARY KEY REFERENCES catalog.schedule (id),
  version     bigint NOT NULL DEFAULT nextval('catalog.version')
);

GRANT SELECT, INSERT, UPDATE ON catalog.show, catalog.venue, catalog.screen, catalog.schedule TO ticketshow_catalog;
GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.booking_sync TO ticketshow_catalog;
GRANT SELECT, USAGE ON SEQUENCE catalog.version TO ticketshow_catalog;
