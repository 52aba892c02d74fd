-- Who is at work. A gateway that is silent for a few seconds has died or stands still, and others take over what it had claimed.
CREATE TABLE gateways (
    id uuid PRIMARY KEY,
    seen_at timestamptz NOT NULL
) WITH (fillfactor = 50);

ALTER TABLE provider_calls ADD COLUMN claimed_by uuid;
ALTER TABLE notification_deliveries ADD COLUMN claimed_by uuid;

GRANT SELECT, INSERT, DELETE, UPDATE (seen_at) ON gateways TO truvapay_service;
GRANT UPDATE (claimed_by) ON provider_calls, notification_deliveries TO truvapay_service;
