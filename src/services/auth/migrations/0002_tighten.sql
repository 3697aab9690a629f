-- Only ASCII letters are folded, here as in the service, whatever the database's locale makes of the others.
ALTER TABLE auth.account
  DROP CONSTRAINT account_email_check,
  ADD CONSTRAINT account_email_check CHECK (email = lower(email COLLATE "C") AND length(email) BETWEEN 3 AND 254);

-- The sweep of sessions that nobody can use any more.
CREATE INDEX session_end ON auth.session (least(expires_at, revoked_at));

-- Tokens go with their session, and keys are never deleted.
REVOKE DELETE ON auth.refresh_token, auth.signing_key FROM ticketshow_auth;

-- A movement is committed with its entry or not at all: whoever writes, a wallet holds the sum of its movements.
ALTER TABLE auth.ledger_transaction ADD CONSTRAINT movement_has_its_entry
  FOREIGN KEY (id) REFERENCES auth.wallet_entry (transaction_id) DEFERRABLE INITIALLY DEFERRED;
