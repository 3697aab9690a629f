-- Names like payment:7:refund are payment's alone: nobody else's movement can use up the reference of a refund that will be
-- owed. What is there already stays as it is, the ledger is append-only.
ALTER TABLE auth.ledger_transaction ADD CONSTRAINT payments_own_references
  CHECK ((kind = 'CREDIT') = (reference NOT LIKE 'payment:%')) NOT VALID;
