CREATE TABLE charges (
    id uuid PRIMARY KEY,
    order_id text NOT NULL,
    order_number text,
    customer_id text,
    amount numeric(38, 0) NOT NULL CHECK (amount > 0),
    asset text NOT NULL,
    method text NOT NULL,
    capture text NOT NULL,
    card_token text,
    return_url text,
    expires_at timestamptz,
    -- Text and not jsonb: the order of the members is the caller's.
    metadata text NOT NULL,
    provider text NOT NULL,
    provider_reference text,
    status text NOT NULL CHECK (status IN ('requires_action', 'processing', 'authorized', 'succeeded', 'failed', 'canceled', 'expired')),
    amount_captured numeric(38, 0) NOT NULL CHECK (amount_captured >= 0),
    amount_refunded numeric(38, 0) NOT NULL CHECK (amount_refunded >= 0),
    next_action text,
    failure text,
    paid_by text,
    last_fact_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX charges_order ON charges (order_id, id);
CREATE INDEX charges_customer ON charges (customer_id, id) WHERE customer_id IS NOT NULL;
CREATE INDEX charges_expiry ON charges (expires_at) WHERE status IN ('requires_action', 'processing', 'authorized') AND expires_at IS NOT NULL;
CREATE INDEX charges_open_amount ON charges (provider, asset, amount) WHERE status = 'requires_action';

-- One row for each name that a provider has for a charge, keyed so that it can be distributed by that name.
CREATE TABLE charge_references (
    provider text NOT NULL,
    reference text NOT NULL,
    charge_id uuid NOT NULL,
    PRIMARY KEY (provider, reference)
);

CREATE TABLE provider_calls (
    charge_id uuid NOT NULL,
    operation text NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done')),
    attempts integer NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    claim_token uuid,
    last_error text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (charge_id, operation)
) WITH (fillfactor = 70);
CREATE INDEX provider_calls_due ON provider_calls (next_attempt_at) WHERE state = 'pending';

CREATE TABLE payment_exceptions (
    id uuid PRIMARY KEY,
    cause text NOT NULL UNIQUE,
    reason text NOT NULL,
    provider text NOT NULL,
    transaction text NOT NULL,
    asset text NOT NULL,
    amount numeric(38, 0) NOT NULL,
    charge_id uuid,
    occurred_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'resolved'))
);
CREATE INDEX payment_exceptions_open ON payment_exceptions (created_at) WHERE status = 'open';

CREATE TABLE idempotency_keys (
    api_key_id uuid NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    charge_id uuid,
    answer_status integer,
    answer_content_type text,
    answer_body bytea,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (api_key_id, key)
) WITH (fillfactor = 90);

CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    digest bytea NOT NULL UNIQUE,
    name text NOT NULL,
    shown_prefix text NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    last_used_at timestamptz
);

GRANT SELECT, INSERT ON charges, charge_references, provider_calls, payment_exceptions, idempotency_keys, api_keys TO truvapay_service;
GRANT UPDATE (provider_reference, status, amount_captured, amount_refunded, next_action, failure, paid_by, last_fact_at, updated_at, version)
    ON charges TO truvapay_service;
GRANT UPDATE (state, attempts, next_attempt_at, claim_token, last_error, updated_at) ON provider_calls TO truvapay_service;
GRANT UPDATE (status) ON payment_exceptions TO truvapay_service;
GRANT UPDATE (answer_status, answer_content_type, answer_body) ON idempotency_keys TO truvapay_service;
GRANT UPDATE (revoked_at, last_used_at) ON api_keys TO truvapay_service;
