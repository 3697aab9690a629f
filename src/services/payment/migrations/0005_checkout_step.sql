-- A page of the card provider is open: money may come from it. (A new value can only be used after the commit that adds it.)
ALTER TYPE payment.step ADD VALUE 'CHECKOUT' AFTER 'INTENT';
