-- Two-phase entries, the history of every balance, and seals that show when something was changed behind the ledger's back.
-- docs/ledger.md tells how they work together.

ALTER TABLE journal_entries
    ADD COLUMN phase text NOT NULL DEFAULT 'posted' CHECK (phase IN ('posted', 'pending', 'post', 'void', 'expire')),
    ADD COLUMN pending_entry_id uuid,
    ADD COLUMN expires_at timestamptz,
    ADD COLUMN reason text,
    ADD COLUMN exchange_rate text,
    ADD CONSTRAINT journal_entries_resolution CHECK ((phase IN ('post', 'void', 'expire')) = (pending_entry_id IS NOT NULL)),
    ADD CONSTRAINT journal_entries_expiry CHECK (expires_at IS NULL OR phase = 'pending');
-- A pending entry is ended at most once.
CREATE UNIQUE INDEX journal_entries_pending ON journal_entries (pending_entry_id) WHERE pending_entry_id IS NOT NULL;
CREATE INDEX journal_entries_charge ON journal_entries (charge_id, id) WHERE charge_id IS NOT NULL;

-- The pending entries that nobody has ended yet; derived from the entries and changed in the commit that writes them.
CREATE TABLE ledger_open_entries (
    entry_id uuid PRIMARY KEY,
    expires_at timestamptz
);
CREATE INDEX ledger_open_entries_expiry ON ledger_open_entries (expires_at, entry_id) WHERE expires_at IS NOT NULL;

-- A balance is never changed: every commit that touches an account adds a version, and the last one is what stands now. So the history
-- costs nothing beyond the balance itself. The account's row is locked while a version is made from the one before.
DROP TABLE ledger_balances;
CREATE TABLE ledger_balances (
    account_id uuid NOT NULL,
    version bigint NOT NULL,
    posted_at timestamptz NOT NULL,
    -- 0 unrestricted, 1 debits must not exceed credits, 2 credits must not exceed debits, 3 closed; the account's own at this moment.
    rule smallint NOT NULL,
    debits_posted numeric(38, 0) NOT NULL,
    credits_posted numeric(38, 0) NOT NULL,
    debits_pending numeric(38, 0) NOT NULL,
    credits_pending numeric(38, 0) NOT NULL,
    -- The entries of that commit which touch the account, in their order.
    entry_ids uuid[] NOT NULL,
    PRIMARY KEY (account_id, version),
    CONSTRAINT ledger_balance_rule CHECK (
        CASE rule
            WHEN 0 THEN true
            WHEN 1 THEN debits_posted + debits_pending <= credits_posted
            WHEN 2 THEN credits_posted + credits_pending <= debits_posted
            ELSE false
        END
    ),
    CONSTRAINT ledger_balance_sides CHECK (debits_posted >= 0 AND credits_posted >= 0 AND debits_pending >= 0 AND credits_pending >= 0)
);

-- When an account was opened is the time of its first balance.
DROP TRIGGER ledger_accounts_written_once ON ledger_accounts;
ALTER TABLE ledger_accounts DROP COLUMN created_at;
CREATE TRIGGER ledger_accounts_written_once BEFORE UPDATE OF id, name, asset, class, rule OR DELETE OR TRUNCATE ON ledger_accounts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Every commit that writes entries adds one seal to a chain that only its writer uses; so nobody waits.
CREATE TABLE journal_seals (
    chain_id uuid NOT NULL,
    number bigint NOT NULL,
    previous_digest bytea NOT NULL,
    digest bytea NOT NULL,
    entry_ids uuid[] NOT NULL,
    sealed_at timestamptz NOT NULL,
    PRIMARY KEY (chain_id, number)
);

-- The chains are tied together from time to time: an anchor holds the heads of the chains that grew since the one before.
CREATE TABLE journal_anchors (
    number bigint PRIMARY KEY,
    previous_digest bytea NOT NULL,
    digest bytea NOT NULL,
    chain_ids uuid[] NOT NULL,
    numbers bigint[] NOT NULL,
    digests bytea[] NOT NULL,
    anchored_at timestamptz NOT NULL
);

-- What was booked before this step: its digests in the present form, one balance for each account, and one seal over all of it.
ALTER TABLE journal_entries DISABLE TRIGGER journal_entries_written_once;
WITH movements AS (
    SELECT t.entry_id, count(*) AS number, string_agg(
        uuid_send(t.debit_account_id) || int4send(octet_length(d.class)) || convert_to(d.class, 'UTF8')
        || int4send(octet_length(d.rule)) || convert_to(d.rule, 'UTF8')
        || uuid_send(t.credit_account_id) || int4send(octet_length(c.class)) || convert_to(c.class, 'UTF8')
        || int4send(octet_length(c.rule)) || convert_to(c.rule, 'UTF8')
        || int4send(octet_length(t.asset)) || convert_to(t.asset, 'UTF8')
        || int4send(octet_length(t.amount::text)) || convert_to(t.amount::text, 'UTF8'), ''::bytea ORDER BY t.ordinal
    ) AS content
    FROM transfers t JOIN ledger_accounts d ON d.id = t.debit_account_id JOIN ledger_accounts c ON c.id = t.credit_account_id
    GROUP BY t.entry_id
)
UPDATE journal_entries e SET content_digest = sha256(
    int4send(octet_length(e.cause)) || convert_to(e.cause, 'UTF8') || int4send(octet_length(e.kind)) || convert_to(e.kind, 'UTF8')
    || int4send(octet_length(e.phase)) || convert_to(e.phase, 'UTF8')
    || CASE WHEN e.charge_id IS NULL THEN int4send(-1) ELSE int4send(16) || uuid_send(e.charge_id) END
    || int8send((extract(epoch FROM e.occurred_at) * 1000000)::bigint)
    || int4send(-1) || int4send(-1) || int4send(-1) || int4send(-1)
    || int4send(m.number::int) || m.content
)
FROM movements m WHERE m.entry_id = e.id;
ALTER TABLE journal_entries ENABLE TRIGGER journal_entries_written_once;

INSERT INTO ledger_balances
SELECT s.account_id, 1, max(e.posted_at),
    CASE min(a.rule) WHEN 'unrestricted' THEN 0 WHEN 'debits_must_not_exceed_credits' THEN 1 ELSE 2 END,
    sum(s.debit), sum(s.credit), 0, 0, array_agg(DISTINCT s.entry_id)
FROM (
    SELECT debit_account_id AS account_id, amount AS debit, 0::numeric AS credit, entry_id FROM transfers
    UNION ALL SELECT credit_account_id, 0, amount, entry_id FROM transfers
) AS s JOIN journal_entries e ON e.id = s.entry_id JOIN ledger_accounts a ON a.id = s.account_id
GROUP BY s.account_id;

INSERT INTO journal_seals
SELECT '00000000-0000-7000-8000-000000000000', 1, decode(repeat('00', 32), 'hex'), sha256(
        decode(repeat('00', 32), 'hex') || uuid_send('00000000-0000-7000-8000-000000000000'::uuid) || int8send(1)
        || int8send((extract(epoch FROM max(posted_at)) * 1000000)::bigint) || int4send(count(*)::int)
        || string_agg(uuid_send(id) || int8send((extract(epoch FROM posted_at) * 1000000)::bigint) || content_digest, ''::bytea ORDER BY id)
    ), array_agg(id ORDER BY id), max(posted_at)
FROM journal_entries HAVING count(*) > 0;

CREATE TRIGGER ledger_balances_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_balances
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_seals_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_seals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_anchors_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_anchors
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON ledger_balances, journal_seals, journal_anchors TO truvapay_service;
-- Rows are only made and removed; the right to update is what lets them be locked.
GRANT SELECT, INSERT, DELETE, UPDATE (expires_at) ON ledger_open_entries TO truvapay_service;
