-- Who keeps the doors of a venue. The venue is catalog's: this schema only knows its number.
ALTER TABLE auth.account
  ADD COLUMN venue_id bigint CHECK (venue_id > 0),
  DROP CONSTRAINT account_role_check,
  ADD CONSTRAINT account_role_check CHECK (role IN ('USER', 'ADMIN', 'STAFF')),
  ADD CONSTRAINT staff_keep_one_venue CHECK ((role = 'STAFF') = (venue_id IS NOT NULL));

CREATE INDEX account_staff ON auth.account (id) WHERE role = 'STAFF';

-- Who keeps doors comes and goes; the service makes nobody an administrator later.
CREATE FUNCTION auth.refuse_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'account % may not go from % to %', old.id, old.role, new.role
    USING ERRCODE = 'check_violation', CONSTRAINT = 'administrators_stay';
END $$;

CREATE TRIGGER administrators_stay BEFORE UPDATE OF role ON auth.account FOR EACH ROW
  WHEN (current_user = 'ticketshow_auth' AND old.role <> new.role AND 'ADMIN' IN (old.role, new.role)) EXECUTE FUNCTION auth.refuse_role();

GRANT UPDATE (role, venue_id) ON auth.account TO ticketshow_auth;
