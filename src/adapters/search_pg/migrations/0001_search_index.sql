-- A rebuild fills a new generation beside the one that is searched.
CREATE TABLE search_index.generation (
  number integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  state  text NOT NULL CHECK (state IN ('BUILDING', 'SEARCHED'))
);

CREATE UNIQUE INDEX one_generation_of_each_state ON search_index.generation (state);

CREATE TABLE search_index.document (
  generation   integer NOT NULL REFERENCES search_index.generation (number) ON DELETE CASCADE,
  kind         text NOT NULL CHECK (kind IN ('show', 'venue')),
  id           bigint NOT NULL,
  version      bigint NOT NULL,
  listed       boolean NOT NULL,
  title        text NOT NULL,      -- folded words, as the next one
  body         text NOT NULL,
  title_length integer NOT NULL,   -- in words
  title_words  tsvector NOT NULL,
  all_words    tsvector NOT NULL,  -- those of the title with weight A, those of the body with B
  cities       text[] NOT NULL,    -- folded
  cities_shown text[] NOT NULL,    -- as they are written
  until        timestamptz[] NOT NULL,
  payload      text NOT NULL,
  PRIMARY KEY (generation, kind, id),
  CHECK (cardinality(cities) = cardinality(until) AND cardinality(cities) = cardinality(cities_shown))
);

-- No list of pending entries: searches would read it through until the next vacuum.
CREATE INDEX show_title ON search_index.document USING gin (title_words) WITH (fastupdate = off)
  WHERE listed AND kind = 'show';
CREATE INDEX show_words ON search_index.document USING gin (all_words) WITH (fastupdate = off)
  WHERE listed AND kind = 'show';
CREATE INDEX venue_title ON search_index.document USING gin (title_words) WITH (fastupdate = off)
  WHERE listed AND kind = 'venue';
CREATE INDEX venue_words ON search_index.document USING gin (all_words) WITH (fastupdate = off)
  WHERE listed AND kind = 'venue';

-- The words of all documents, with the keys by which typed words with typos find them (text/spelling.hpp). Words whose
-- documents are gone stay until the next rebuild: they find nothing.
CREATE TABLE search_index.word (
  generation integer NOT NULL REFERENCES search_index.generation (number) ON DELETE CASCADE,
  word       text COLLATE "C" NOT NULL,
  keys       text[] COLLATE "C" NOT NULL,
  PRIMARY KEY (generation, word)
);

CREATE INDEX word_keys ON search_index.word USING gin (keys) WITH (fastupdate = off);

GRANT SELECT, INSERT, UPDATE (state), DELETE ON search_index.generation TO ticketshow_search_index;
GRANT SELECT, INSERT, UPDATE ON search_index.document TO ticketshow_search_index;
GRANT SELECT, INSERT ON search_index.word TO ticketshow_search_index;
