-- The provider's name for the payment that a refund or a dispute belongs to, for as long as no charge of that name is known.
ALTER TABLE refunds ADD COLUMN payment_reference text;
ALTER TABLE disputes ADD COLUMN payment_reference text;
CREATE INDEX refunds_homeless ON refunds (provider, payment_reference) WHERE charge_id IS NULL;
CREATE INDEX disputes_homeless ON disputes (provider, payment_reference) WHERE charge_id IS NULL;

-- The refund or dispute that an exception is about, by which it is resolved when its charge is found, and what was written about that.
-- Open exceptions are few; they are found by provider and reason.
ALTER TABLE payment_exceptions ADD COLUMN subject text, ADD COLUMN note text, ADD COLUMN resolved_at timestamptz;
CREATE INDEX payment_exceptions_answerable ON payment_exceptions (provider, reason)
    WHERE status = 'open' AND reason IN ('unknown_charge', 'returns_exceed_capture');

GRANT UPDATE (charge_id, payment_reference) ON refunds, disputes TO truvapay_service;
GRANT UPDATE (charge_id, note, resolved_at) ON payment_exceptions TO truvapay_service;

-- A payment that something waits for has its name here before its charge has: that is what two transactions meet at, one that writes a
-- refund or dispute without a charge, and one that gives a charge its name. The name is given once.
ALTER TABLE charge_references ALTER COLUMN charge_id DROP NOT NULL;
GRANT UPDATE (charge_id) ON charge_references TO truvapay_service;
CREATE TRIGGER charge_references_named_once BEFORE UPDATE ON charge_references
    FOR EACH ROW WHEN (OLD.charge_id IS NOT NULL OR NEW.provider <> OLD.provider OR NEW.reference <> OLD.reference)
    EXECUTE FUNCTION refuse_change();

-- Refuses a transaction, so that it is repeated, when it would leave a refund or dispute without the charge that it waits for.
CREATE FUNCTION refuse_missed_homes(providers text[], payments text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM unnest(providers, payments) AS d(provider, payment)
            JOIN charge_references c ON c.provider = d.provider AND c.reference = d.payment AND c.charge_id IS NOT NULL
        WHERE EXISTS (SELECT FROM refunds r WHERE r.charge_id IS NULL AND r.provider = d.provider AND r.payment_reference = d.payment)
            OR EXISTS (SELECT FROM disputes p WHERE p.charge_id IS NULL AND p.provider = d.provider AND p.payment_reference = d.payment))
    THEN
        RAISE unique_violation USING MESSAGE = 'a refund or dispute was told while its charge got its name';
    END IF;
END $$;
