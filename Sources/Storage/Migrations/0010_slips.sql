-- Transfer slips that were accepted, each once: the sending bank and its name for the transfer.
CREATE TABLE payment_slips (
    provider text NOT NULL,
    sending_bank text NOT NULL,
    transaction_reference text NOT NULL,
    charge_id uuid NOT NULL,
    accepted_at timestamptz NOT NULL,
    PRIMARY KEY (provider, sending_bank, transaction_reference)
);
CREATE TRIGGER payment_slips_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_slips
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON payment_slips TO truvapay_service;
