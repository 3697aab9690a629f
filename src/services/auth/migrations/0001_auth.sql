-- ---- accounts

CREATE TABLE auth.account (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email         text NOT NULL UNIQUE CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
  username      text NOT NULL CHECK (length(username) BETWEEN 1 AND 100),
  city          text CHECK (length(city) BETWEEN 1 AND 100),
  role          text NOT NULL DEFAULT 'USER' CHECK (role IN ('USER', 'ADMIN')),
  password_hash text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now()
);

-- ---- sessions

CREATE TABLE auth.session (
  id         text PRIMARY KEY CHECK (length(id) = 32),
  account_id bigint NOT NULL REFERENCES auth.account (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);

CREATE INDEX session_of_account ON auth.session (account_id) WHERE revoked_at IS NULL;
CREATE INDEX session_revoked ON auth.session (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TABLE auth.refresh_token (
  sha256     text PRIMARY KEY CHECK (length(sha256) = 64),
  session_id text NOT NULL REFERENCES auth.session (id) ON DELETE CASCADE,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);

CREATE INDEX refresh_token_of_session ON auth.refresh_token (session_id);

-- ---- signing keys

CREATE TABLE auth.signing_key (
  kid        text PRIMARY KEY,
  seed       text NOT NULL CHECK (length(seed) = 64),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  retires_at timestamptz
);

-- ---- the wallet

-- A movement: the amount leaves debit_account and enters credit_account, so it sums to zero by its shape (I2).
CREATE TABLE auth.ledger_transaction (
  id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  reference      text NOT NULL UNIQUE CHECK (length(reference) BETWEEN 1 AND 100),
  kind           text NOT NULL CHECK (kind IN ('CREDIT', 'REFUND', 'DEBIT')),
  user_id        bigint NOT NULL REFERENCES auth.account (id),
  debit_account  text NOT NULL,
  credit_account text NOT NULL,
  amount         bigint NOT NULL CHECK (amount > 0),
  description    text NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT sides_of_kind CHECK (
    (kind = 'CREDIT' AND debit_account = 'external' AND credit_account = 'wallet:' || user_id)
    OR (kind = 'REFUND' AND debit_account = 'clearing' AND credit_account = 'wallet:' || user_id)
    OR (kind = 'DEBIT' AND debit_account = 'wallet:' || user_id AND credit_account = 'clearing'))
);

-- A wallet's own side of its movements, with the running balance.
CREATE TABLE auth.wallet_entry (
  user_id        bigint NOT NULL REFERENCES auth.account (id),
  seq            bigint NOT NULL CHECK (seq > 0),
  transaction_id bigint NOT NULL UNIQUE REFERENCES auth.ledger_transaction (id),
  delta          bigint NOT NULL CHECK (delta <> 0),
  balance        bigint NOT NULL,
  PRIMARY KEY (user_id, seq),
  CONSTRAINT wallet_never_negative CHECK (balance >= 0)
);

-- The chain follows from the entry before; two writers of one sequence number meet at the primary key.
CREATE FUNCTION auth.continue_wallet() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  movement auth.ledger_transaction;
  previous auth.wallet_entry;
BEGIN
  SELECT * INTO STRICT movement FROM auth.ledger_transaction t WHERE t.id = new.transaction_id;
  SELECT * INTO previous FROM auth.wallet_entry e WHERE e.user_id = movement.user_id ORDER BY seq DESC LIMIT 1;
  new.user_id := movement.user_id;
  new.seq := coalesce(previous.seq, 0) + 1;
  new.delta := CASE movement.kind WHEN 'DEBIT' THEN -movement.amount ELSE movement.amount END;
  new.balance := coalesce(previous.balance, 0) + new.delta;
  RETURN new;
END $$;

CREATE TRIGGER continue_wallet BEFORE INSERT ON auth.wallet_entry FOR EACH ROW EXECUTE FUNCTION auth.continue_wallet();

-- Append-only, whoever asks.
CREATE FUNCTION auth.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON auth.ledger_transaction
  FOR EACH STATEMENT EXECUTE FUNCTION auth.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON auth.wallet_entry
  FOR EACH STATEMENT EXECUTE FUNCTION auth.refuse_change();

-- ---- the least the service needs

GRANT SELECT, INSERT, UPDATE (username, city, password_hash) ON auth.account TO ticketshow_auth;
GRANT SELECT, INSERT, UPDATE (revoked_at), DELETE ON auth.session TO ticketshow_auth;
GRANT SELECT, INSERT, UPDATE (used_at), DELETE ON auth.refresh_token TO ticketshow_auth;
GRANT SELECT, INSERT, UPDATE (retires_at), DELETE ON auth.signing_key TO ticketshow_auth;
GRANT SELECT, INSERT ON auth.ledger_transaction, auth.wallet_entry TO ticketshow_auth;
