-- The end of an account, kept for good: who looks at the books later sees when and why, and a seal holds it as it holds entries.
CREATE TABLE ledger_account_closures (
    account_id uuid PRIMARY KEY,
    closed_at timestamptz NOT NULL,
    reason text NOT NULL
);
CREATE TRIGGER ledger_account_closures_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_account_closures
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- NULL where the commit closed nothing.
ALTER TABLE journal_seals ADD COLUMN closed_account_ids uuid[];

CREATE TRIGGER ledger_accounts_closed_once BEFORE UPDATE OF closed_at ON ledger_accounts
    FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON ledger_account_closures TO truvapay_service;
