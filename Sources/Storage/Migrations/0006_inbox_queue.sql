-- Which events are still to be processed: rows that come and go, where one that changed its status left its old self behind in every index.
CREATE TABLE webhook_event_queue (
    event_id uuid PRIMARY KEY,
    next_attempt_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    detail text
);
INSERT INTO webhook_event_queue (event_id, next_attempt_at, attempts, detail)
    SELECT event_id, next_attempt_at, attempts, detail FROM webhook_event_states WHERE status = 'received';

-- The states that are left are final, until an event is replayed: then it is in the queue too, and its state goes when it is taken.
DELETE FROM webhook_event_states WHERE status = 'received';
DROP INDEX webhook_event_states_due;
ALTER TABLE webhook_event_states
    DROP COLUMN next_attempt_at,
    DROP CONSTRAINT webhook_event_states_status_check,
    ADD CONSTRAINT webhook_event_states_status CHECK (status IN ('processed', 'ignored', 'failed')),
    RESET (fillfactor);

GRANT SELECT, INSERT, DELETE, UPDATE (next_attempt_at, attempts) ON webhook_event_queue TO truvapay_service;
GRANT DELETE ON webhook_event_states TO truvapay_service;
REVOKE UPDATE (status, attempts, detail, charge_id, processed_at) ON webhook_event_states FROM truvapay_service;
