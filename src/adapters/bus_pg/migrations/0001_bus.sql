-- A log as Kafka keeps it: topics of partitions, whose events have positions without gaps in the order of their commits.
-- Who appends to a partition holds its row until the commit.
CREATE TABLE bus.partition (
  topic         text NOT NULL,
  number        integer NOT NULL CHECK (number >= 0),
  next_position bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (topic, number)
) WITH (fillfactor = 50);

CREATE TABLE bus.event (
  topic          text COLLATE "C" NOT NULL,
  partition      integer NOT NULL,
  position       bigint NOT NULL,
  id             text NOT NULL,
  key            text NOT NULL,
  schema_version integer NOT NULL,
  happened_at    timestamptz NOT NULL,
  correlation_id text NOT NULL,
  payload        text NOT NULL,
  appended_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, partition, position),
  FOREIGN KEY (topic, partition) REFERENCES bus.partition (topic, number)
);

CREATE INDEX event_appended ON bus.event (appended_at);

-- How far each consumer has come, and which of its processes reads a partition until when.
CREATE TABLE bus.progress (
  consumer      text NOT NULL,
  topic         text NOT NULL,
  partition     integer NOT NULL,
  next_position bigint NOT NULL DEFAULT 0,
  holder        text,
  held_until    timestamptz,
  PRIMARY KEY (consumer, topic, partition),
  FOREIGN KEY (topic, partition) REFERENCES bus.partition (topic, number),
  CHECK ((holder IS NULL) = (held_until IS NULL))
) WITH (fillfactor = 50);

-- The processes of each consumer that are alive: they share its partitions.
CREATE TABLE bus.member (
  consumer text NOT NULL,
  holder   text NOT NULL,
  seen_at  timestamptz NOT NULL,
  PRIMARY KEY (consumer, holder)
);

GRANT SELECT, INSERT, UPDATE (next_position) ON bus.partition TO ticketshow_bus;
GRANT SELECT, INSERT, DELETE ON bus.event TO ticketshow_bus;
GRANT SELECT, INSERT, UPDATE ON bus.progress TO ticketshow_bus;
GRANT SELECT, INSERT, UPDATE, DELETE ON bus.member TO ticketshow_bus;
