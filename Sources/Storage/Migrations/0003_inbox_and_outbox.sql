-- What providers sent, as received. Bodies of two kilobytes stay in the row: moving or compressing them costs more than it saves.
CREATE TABLE webhook_events (
    id uuid NOT NULL,
    provider text NOT NULL,
    event_id text NOT NULL,
    event_type text NOT NULL,
    headers text NOT NULL,
    body bytea NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (provider, event_id)
) WITH (toast_tuple_target = 8160);
ALTER TABLE webhook_events ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX webhook_events_id ON webhook_events (id);

-- How far each event is; small rows apart from the bodies, because these change.
CREATE TABLE webhook_event_states (
    event_id uuid PRIMARY KEY,
    status text NOT NULL CHECK (status IN ('received', 'processed', 'ignored', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    detail text,
    charge_id uuid,
    processed_at timestamptz
) WITH (fillfactor = 80);
CREATE INDEX webhook_event_states_due ON webhook_event_states (next_attempt_at) WHERE status = 'received';

-- What the order core is told: the exact bytes, written in the commit that made them true.
CREATE TABLE notifications (
    id uuid PRIMARY KEY,
    type text NOT NULL,
    cause text NOT NULL,
    ordering_key text NOT NULL,
    ordinal bigint NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT notifications_cause UNIQUE (cause, type)
) WITH (toast_tuple_target = 8160);

CREATE TABLE notification_deliveries (
    notification_id uuid PRIMARY KEY,
    ordering_key text NOT NULL,
    ordinal bigint NOT NULL,
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'dead')),
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    claim_token uuid,
    last_status integer,
    last_error text,
    delivered_at timestamptz
) WITH (fillfactor = 70);
CREATE INDEX notification_deliveries_due ON notification_deliveries (next_attempt_at) WHERE status = 'pending';
CREATE INDEX notification_deliveries_order ON notification_deliveries (ordering_key, ordinal, notification_id) WHERE status = 'pending';

-- An endpoint that said that it is gone gets nothing until somebody resumes it.
CREATE TABLE delivery_pauses (
    endpoint text PRIMARY KEY,
    paused_at timestamptz NOT NULL,
    reason text NOT NULL
);

CREATE TRIGGER webhook_events_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON webhook_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER notifications_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON notifications
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON webhook_events, webhook_event_states, notifications, notification_deliveries, delivery_pauses TO truvapay_service;
GRANT UPDATE (status, attempts, next_attempt_at, detail, charge_id, processed_at) ON webhook_event_states TO truvapay_service;
GRANT UPDATE (status, attempts, next_attempt_at, claim_token, last_status, last_error, delivered_at)
    ON notification_deliveries TO truvapay_service;
GRANT DELETE ON delivery_pauses TO truvapay_service;
