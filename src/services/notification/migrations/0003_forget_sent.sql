-- What was sent long ago goes, because it tells who was where; what was not, an operator may still want.
CREATE INDEX mail_sent ON notification.mail (sent_at) WHERE state = 'SENT';

CREATE FUNCTION notification.guard_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'mail % is % and may not be removed', old.id, old.state
    USING ERRCODE = 'check_violation', CONSTRAINT = 'only_what_was_sent_goes';
END $$;

CREATE TRIGGER only_what_was_sent_goes BEFORE DELETE ON notification.mail FOR EACH ROW
  WHEN (old.state <> 'SENT') EXECUTE FUNCTION notification.guard_removal();

GRANT DELETE ON notification.mail TO ticketshow_notification;
