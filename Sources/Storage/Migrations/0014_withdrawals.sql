-- What customers take out of their wallets. Who asked for what never changes; how far it is does.
CREATE TABLE withdrawals (
    id uuid PRIMARY KEY,
    customer_id text NOT NULL,
    asset text NOT NULL,
    amount numeric(38, 0) NOT NULL CHECK (amount > 0),
    destination text NOT NULL,
    provider text NOT NULL,
    requested_by uuid NOT NULL,
    -- Up to this much nobody else has to approve.
    approval_limit numeric(38, 0) NOT NULL CHECK (approval_limit >= 0),
    needs_approval boolean NOT NULL,
    status text NOT NULL CHECK (status IN ('requires_approval', 'approved', 'in_transit', 'paid', 'failed', 'rejected')),
    provider_reference text,
    fee numeric(38, 0) CHECK (fee > 0),
    fee_asset text,
    failure text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT withdrawals_needs_approval CHECK (needs_approval = (amount > approval_limit)),
    CONSTRAINT withdrawals_fee CHECK ((fee IS NULL) = (fee_asset IS NULL)),
    CONSTRAINT withdrawals_requester UNIQUE (id, requested_by, needs_approval)
) WITH (fillfactor = 80);
CREATE INDEX withdrawals_customer ON withdrawals (customer_id, id);
CREATE INDEX withdrawals_status ON withdrawals (status, id);

-- What the database has to know to refuse one person on both sides is repeated here; the reference keeps it true.
CREATE TABLE withdrawal_decisions (
    withdrawal_id uuid PRIMARY KEY,
    requested_by uuid NOT NULL,
    needs_approval boolean NOT NULL,
    -- NULL where the amount is within the limit, so that nobody had to decide.
    decided_by uuid,
    decision text NOT NULL CHECK (decision IN ('approved', 'rejected')),
    reason text CHECK (octet_length(reason) BETWEEN 1 AND 500),
    decided_at timestamptz NOT NULL,
    CONSTRAINT withdrawal_decisions_requester FOREIGN KEY (withdrawal_id, requested_by, needs_approval)
        REFERENCES withdrawals (id, requested_by, needs_approval),
    CONSTRAINT withdrawal_decisions_two_people CHECK (
        CASE WHEN decided_by IS NULL THEN NOT needs_approval AND decision = 'approved' ELSE decided_by <> requested_by END
    ),
    CONSTRAINT withdrawal_decisions_decision UNIQUE (withdrawal_id, decision)
);

-- The call that carries a withdrawal out, and then looks how it stands. The reference lets nothing be sent that nobody has approved.
CREATE TABLE payout_calls (
    withdrawal_id uuid PRIMARY KEY,
    decision text NOT NULL DEFAULT 'approved' CHECK (decision = 'approved'),
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done')),
    attempts integer NOT NULL,
    -- Until when an attempt whose outcome is not known may still be carried out by the provider; set when it is claimed.
    doubt_until timestamptz,
    -- Whether the provider is to take the money back where it still can.
    takes_back boolean NOT NULL DEFAULT false,
    next_attempt_at timestamptz NOT NULL,
    claim_token uuid,
    claimed_by uuid,
    last_error text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT payout_calls_approved FOREIGN KEY (withdrawal_id, decision) REFERENCES withdrawal_decisions (withdrawal_id, decision)
) WITH (fillfactor = 70);
CREATE INDEX payout_calls_due ON payout_calls (next_attempt_at) WHERE state = 'pending';

CREATE TRIGGER withdrawals_asked_once
    BEFORE UPDATE OF id, customer_id, asset, amount, destination, provider, requested_by, approval_limit, needs_approval, created_at
        OR DELETE OR TRUNCATE ON withdrawals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER withdrawal_decisions_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON withdrawal_decisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What was asked for and decided is sealed as it is written.
CREATE FUNCTION seal_withdrawals() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM seal_records('withdrawal', r.ids, r.digests) FROM (
        SELECT array_agg(n.id) AS ids, array_agg(sha256(record_send(ROW(n.id, n.customer_id, n.asset, n.amount, n.destination, n.provider,
            n.requested_by, n.approval_limit, n.needs_approval, n.created_at)))) AS digests FROM new_rows n
    ) r;
    RETURN NULL;
END
$$;

CREATE FUNCTION seal_withdrawal_decisions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM seal_records('withdrawal_decision', r.ids, r.digests) FROM (
        SELECT array_agg(n.withdrawal_id) AS ids, array_agg(sha256(record_send(ROW(n.withdrawal_id, n.requested_by, n.needs_approval,
            n.decided_by, n.decision, n.reason, n.decided_at)))) AS digests FROM new_rows n
    ) r;
    RETURN NULL;
END
$$;

CREATE TRIGGER withdrawals_sealed AFTER INSERT ON withdrawals REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION seal_withdrawals();
CREATE TRIGGER withdrawal_decisions_sealed AFTER INSERT ON withdrawal_decisions REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION seal_withdrawal_decisions();

GRANT SELECT, INSERT ON withdrawals, withdrawal_decisions, payout_calls TO truvapay_service;
GRANT UPDATE (status, provider_reference, fee, fee_asset, failure, updated_at, version) ON withdrawals TO truvapay_service;
GRANT UPDATE (state, attempts, doubt_until, takes_back, next_attempt_at, claim_token, claimed_by, last_error, updated_at) ON payout_calls TO truvapay_service;
