-- Every poster that has files in the store, or may have: noted before they are put, forgotten after they are removed. `name` is made
-- of the uploaded content; shows with the same picture share it.
CREATE TABLE catalog.poster (
  name       text PRIMARY KEY CHECK (name ~ '^[0-9a-f]{32}$'),
  widths     integer[] NOT NULL CHECK (cardinality(widths) BETWEEN 1 AND 8),
  height     integer NOT NULL CHECK (height > 0),    -- at the largest width
  doomed     boolean NOT NULL DEFAULT false,         -- its files are being removed
  touched_at timestamptz NOT NULL DEFAULT clock_timestamp()  -- when somebody last wanted it, or, doomed, began to remove it
);

CREATE INDEX poster_touched ON catalog.poster (touched_at);

-- No poster_url was ever set: where a poster is depends on where the store is now.
ALTER TABLE catalog.show DROP COLUMN poster_url, ADD COLUMN poster text REFERENCES catalog.poster (name);

CREATE INDEX show_of_poster ON catalog.show (poster) WHERE poster IS NOT NULL;

-- A doomed poster is given to nobody, and one that a show has is not doomed: whatever the code does, no show has a poster without files.
CREATE FUNCTION catalog.refuse_doomed_poster() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT doomed FROM catalog.poster WHERE name = new.poster FOR SHARE) THEN
    RAISE EXCEPTION 'the files of this poster are being removed' USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN new;
END $$;

CREATE TRIGGER poster_has_files BEFORE INSERT OR UPDATE OF poster ON catalog.show FOR EACH ROW
  WHEN (new.poster IS NOT NULL) EXECUTE FUNCTION catalog.refuse_doomed_poster();

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.poster TO ticketshow_catalog;
