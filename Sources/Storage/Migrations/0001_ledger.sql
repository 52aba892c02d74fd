-- The role that the service works as. Roles belong to the whole cluster, so it may be there already, or be made at this very moment.
DO $$
BEGIN
    CREATE ROLE truvapay_service NOLOGIN;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;
DO $$
BEGIN
    EXECUTE format('GRANT truvapay_service TO %I', current_user);
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are written once', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$;

-- An account's id is made from its name by the client, so nobody has to look it up.
CREATE TABLE ledger_accounts (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    asset text NOT NULL,
    class text NOT NULL CHECK (class IN ('asset', 'liability', 'equity', 'income', 'expense')),
    rule text NOT NULL CHECK (rule IN ('unrestricted', 'debits_must_not_exceed_credits', 'credits_must_not_exceed_debits')),
    closed_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX ledger_accounts_name ON ledger_accounts (name);

-- Derived from the transfers and kept in the commit that writes them; room on the page keeps updates off the indexes.
CREATE TABLE ledger_balances (
    account_id uuid PRIMARY KEY,
    rule text NOT NULL,
    debits_posted numeric(38, 0) NOT NULL DEFAULT 0,
    credits_posted numeric(38, 0) NOT NULL DEFAULT 0,
    debits_pending numeric(38, 0) NOT NULL DEFAULT 0,
    credits_pending numeric(38, 0) NOT NULL DEFAULT 0,
    CONSTRAINT ledger_balance_rule CHECK (
        CASE rule
            WHEN 'debits_must_not_exceed_credits' THEN debits_posted + debits_pending <= credits_posted
            WHEN 'credits_must_not_exceed_debits' THEN credits_posted + credits_pending <= debits_posted
            ELSE true
        END
    ),
    CONSTRAINT ledger_balance_sides CHECK (debits_posted >= 0 AND credits_posted >= 0 AND debits_pending >= 0 AND credits_pending >= 0)
) WITH (fillfactor = 40);

CREATE TABLE journal_entries (
    id uuid PRIMARY KEY,
    cause text NOT NULL,
    kind text NOT NULL,
    charge_id uuid,
    occurred_at timestamptz NOT NULL,
    posted_at timestamptz NOT NULL,
    content_digest bytea NOT NULL,
    CONSTRAINT journal_entries_cause UNIQUE (cause)
);

CREATE TABLE transfers (
    entry_id uuid NOT NULL,
    ordinal smallint NOT NULL,
    debit_account_id uuid NOT NULL,
    credit_account_id uuid NOT NULL,
    asset text NOT NULL,
    amount numeric(38, 0) NOT NULL CHECK (amount > 0),
    PRIMARY KEY (entry_id, ordinal),
    CONSTRAINT transfers_two_accounts CHECK (debit_account_id <> credit_account_id)
);

CREATE TRIGGER ledger_accounts_written_once BEFORE UPDATE OF id, name, asset, class, rule, created_at OR DELETE OR TRUNCATE ON ledger_accounts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_balances_kept BEFORE UPDATE OF account_id, rule OR DELETE OR TRUNCATE ON ledger_balances
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_entries_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfers_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON transfers
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON ledger_accounts, ledger_balances, journal_entries, transfers TO truvapay_service;
GRANT UPDATE (closed_at) ON ledger_accounts TO truvapay_service;
GRANT UPDATE (debits_posted, credits_posted, debits_pending, credits_pending) ON ledger_balances TO truvapay_service;
