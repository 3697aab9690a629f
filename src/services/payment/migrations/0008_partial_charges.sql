-- The provider has a part of the money of an attempt. (A new value can only be used after the commit that adds it.)
ALTER TYPE payment.charge_state ADD VALUE 'PARTIAL' BEFORE 'SUCCEEDED';
