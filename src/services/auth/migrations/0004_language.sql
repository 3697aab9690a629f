-- The language in which the platform writes to this account.
ALTER TABLE auth.account ADD COLUMN language text NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'hi'));

GRANT UPDATE (language) ON auth.account TO ticketshow_auth;
