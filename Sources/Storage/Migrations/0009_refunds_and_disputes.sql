ALTER TABLE charges ADD COLUMN amount_lost numeric(38, 0) NOT NULL DEFAULT 0 CHECK (amount_lost >= 0);

-- Money that goes back to customers; those that were made by hand at the provider may belong to no charge that we know.
CREATE TABLE refunds (
    id uuid PRIMARY KEY,
    charge_id uuid,
    provider text NOT NULL,
    provider_reference text,
    asset text NOT NULL,
    amount numeric(38, 0) NOT NULL CHECK (amount > 0),
    reason text CHECK (octet_length(reason) BETWEEN 1 AND 500),
    status text NOT NULL CHECK (status IN ('pending', 'requires_action', 'succeeded', 'failed', 'canceled')),
    failure text,
    last_fact_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT refunds_reference UNIQUE (provider, provider_reference)
) WITH (fillfactor = 80);
CREATE INDEX refunds_charge ON refunds (charge_id, id) WHERE charge_id IS NOT NULL;

-- What was withdrawn is counted in the currency in which the provider took it.
CREATE TABLE disputes (
    id uuid PRIMARY KEY,
    charge_id uuid,
    provider text NOT NULL,
    provider_reference text NOT NULL,
    asset text NOT NULL,
    amount numeric(38, 0) NOT NULL,
    status text NOT NULL CHECK (status IN ('inquiry', 'needs_response', 'under_review', 'closed', 'won', 'lost')),
    reason text,
    respond_by timestamptz,
    withdrawn_asset text NOT NULL,
    amount_withdrawn numeric(38, 0) NOT NULL,
    amount_written_off numeric(38, 0) NOT NULL CHECK (amount_written_off >= 0),
    last_fact_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT disputes_reference UNIQUE (provider, provider_reference)
) WITH (fillfactor = 80);
CREATE INDEX disputes_charge ON disputes (charge_id, id) WHERE charge_id IS NOT NULL;

-- What providers pay to our bank.
CREATE TABLE settlements (
    id uuid PRIMARY KEY,
    provider text NOT NULL,
    provider_reference text NOT NULL,
    asset text NOT NULL,
    amount numeric(38, 0) NOT NULL,
    status text NOT NULL CHECK (status IN ('pending', 'in_transit', 'paid', 'failed', 'canceled')),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT settlements_reference UNIQUE (provider, provider_reference)
) WITH (fillfactor = 80);

-- How much a capture shall take.
ALTER TABLE provider_calls ADD COLUMN amount numeric(38, 0) CHECK (amount > 0), ADD COLUMN asset text;
-- Which operation on the charge a key belongs to; NULL is its creation.
ALTER TABLE idempotency_keys ADD COLUMN operation text;

CREATE INDEX webhook_event_states_charge ON webhook_event_states (charge_id) WHERE charge_id IS NOT NULL;

GRANT SELECT, INSERT ON refunds, disputes, settlements TO truvapay_service;
GRANT UPDATE (amount_lost) ON charges TO truvapay_service;
GRANT UPDATE (provider_reference, amount, status, failure, last_fact_at, updated_at, version) ON refunds TO truvapay_service;
GRANT UPDATE (amount, status, reason, respond_by, withdrawn_asset, amount_withdrawn, amount_written_off, last_fact_at, updated_at, version)
    ON disputes TO truvapay_service;
GRANT UPDATE (status, updated_at) ON settlements TO truvapay_service;
GRANT UPDATE (amount, asset) ON provider_calls TO truvapay_service;
