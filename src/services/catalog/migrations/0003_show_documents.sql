-- The version of what search indexes of a show, which changes also with where it plays. (That of a venue is its row's.)
CREATE TABLE catalog.show_document (
  show_id bigint PRIMARY KEY REFERENCES catalog.show (id),
  version bigint NOT NULL DEFAULT nextval('catalog.version')
);

INSERT INTO catalog.show_document (show_id) SELECT id FROM catalog.show ORDER BY id;

GRANT SELECT, INSERT, UPDATE ON catalog.show_document TO ticketshow_catalog;
