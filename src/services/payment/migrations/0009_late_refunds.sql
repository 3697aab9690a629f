-- A refund that the provider called failed may have succeeded after all: the money is back, whatever was tried next.
CREATE OR REPLACE FUNCTION payment.guard_card_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (old.state, new.state) NOT IN (
    ('SENDING', 'PENDING'), ('SENDING', 'SUCCEEDED'), ('SENDING', 'FAILED'), ('PENDING', 'SUCCEEDED'), ('PENDING', 'FAILED'),
    ('FAILED', 'SUCCEEDED')) THEN
    RAISE EXCEPTION 'refund % may not go from % to %', old.id, old.state, new.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'legal_card_refund_transition';
  END IF;
  new.updated_at := now();
  RETURN new;
END $$;
