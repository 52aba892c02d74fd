-- What somebody asks to be booked by hand. It is booked when another person approves it; both rows are written once.
CREATE TABLE manual_entries (
    id uuid PRIMARY KEY,
    requested_by uuid NOT NULL,
    requested_at timestamptz NOT NULL,
    occurred_at timestamptz NOT NULL,
    reason text NOT NULL CHECK (octet_length(reason) BETWEEN 1 AND 500),
    CONSTRAINT manual_entries_requester UNIQUE (id, requested_by)
);

-- Its movements, with the accounts as they were understood when it was asked for.
CREATE TABLE manual_entry_transfers (
    manual_entry_id uuid NOT NULL REFERENCES manual_entries (id),
    ordinal smallint NOT NULL,
    debit_account text NOT NULL,
    debit_class text NOT NULL,
    debit_rule text NOT NULL,
    credit_account text NOT NULL,
    credit_class text NOT NULL,
    credit_rule text NOT NULL,
    asset text NOT NULL,
    amount numeric(38, 0) NOT NULL CHECK (amount > 0),
    PRIMARY KEY (manual_entry_id, ordinal)
);

-- The requester is repeated here so that the database itself can refuse one person on both sides; the reference keeps it true.
CREATE TABLE manual_entry_decisions (
    manual_entry_id uuid PRIMARY KEY,
    requested_by uuid NOT NULL,
    decided_by uuid NOT NULL,
    decision text NOT NULL CHECK (decision IN ('approved', 'rejected')),
    entry_id uuid,
    reason text CHECK (octet_length(reason) BETWEEN 1 AND 500),
    decided_at timestamptz NOT NULL,
    CONSTRAINT manual_entry_decisions_requester FOREIGN KEY (manual_entry_id, requested_by) REFERENCES manual_entries (id, requested_by),
    CONSTRAINT manual_entry_decisions_two_people CHECK (decided_by <> requested_by),
    CONSTRAINT manual_entry_decisions_entry CHECK ((decision = 'approved') = (entry_id IS NOT NULL))
);

-- What all credits of a batch share; its time is the one of the first call, so that a repeated credit has the same content.
CREATE TABLE wallet_credit_batches (
    batch_id text PRIMARY KEY,
    asset text NOT NULL,
    reason text NOT NULL,
    requested_by uuid NOT NULL,
    occurred_at timestamptz NOT NULL
);

CREATE TRIGGER manual_entries_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON manual_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER manual_entry_transfers_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON manual_entry_transfers
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER manual_entry_decisions_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON manual_entry_decisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER wallet_credit_batches_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON wallet_credit_batches
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON manual_entries, manual_entry_transfers, manual_entry_decisions, wallet_credit_batches TO truvapay_service;
