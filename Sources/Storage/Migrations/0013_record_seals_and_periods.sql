-- What payments rest on beside the books, sealed in the statement that writes it: webhooks, charges, what is asked for and decided by
-- hand, notifications. docs/ledger.md tells what a seal holds, decision 11 why the database makes it.
CREATE TABLE journal_record_seals (
    chain_id uuid NOT NULL,
    number bigint NOT NULL,
    previous_digest bytea NOT NULL,
    digest bytea NOT NULL,
    kind text NOT NULL,
    record_ids uuid[] NOT NULL,
    record_digests bytea[] NOT NULL,
    sealed_at timestamptz NOT NULL,
    PRIMARY KEY (chain_id, number)
);
-- Digests cannot be compressed, and trying costs more than all the rest.
ALTER TABLE journal_record_seals
    ALTER COLUMN record_ids SET STORAGE EXTERNAL,
    ALTER COLUMN record_digests SET STORAGE EXTERNAL;
CREATE TRIGGER journal_record_seals_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_record_seals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT ON journal_record_seals TO truvapay_service;

-- Adds a seal over the records of one statement to the chain of this session, which nobody else uses; so nobody waits.
CREATE FUNCTION seal_records(kind text, ids uuid[], digests bytea[]) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    sealed_at timestamptz := clock_timestamp();
    milliseconds bigint := floor(extract(epoch FROM sealed_at) * 1000);
    chain uuid := nullif(current_setting('truvapay.record_chain', true), '')::uuid;
    last_number bigint;
    last_digest bytea;
BEGIN
    IF ids IS NULL THEN
        RETURN;
    END IF;
    -- A chain ends after a day, because anchors do not look back for ever. Its name begins with the time of its first seal.
    IF milliseconds - ('x' || translate(left(chain::text, 13), '-', ''))::bit(48)::bigint < 86400000 THEN
        SELECT s.number, s.digest INTO last_number, last_digest
        FROM journal_record_seals s WHERE s.chain_id = chain ORDER BY s.number DESC LIMIT 1;
    END IF;
    IF last_number IS NULL THEN
        chain := (substr(lpad(to_hex(milliseconds), 12, '0'), 1, 8) || '-' || substr(lpad(to_hex(milliseconds), 12, '0'), 9) || '-7'
            || substr(gen_random_uuid()::text, 16))::uuid;
        PERFORM set_config('truvapay.record_chain', chain::text, false);
        last_number := 0;
        last_digest := coalesce(
            (SELECT a.digest FROM journal_anchors a ORDER BY a.number DESC LIMIT 1), decode(repeat('00', 32), 'hex'));
    END IF;
    INSERT INTO journal_record_seals (chain_id, number, previous_digest, digest, kind, record_ids, record_digests, sealed_at)
    VALUES (chain, last_number + 1, last_digest,
        sha256(last_digest || record_send(ROW(chain, last_number + 1, sealed_at, kind, ids, digests))), kind, ids, digests, sealed_at);
END
$$;
REVOKE EXECUTE ON FUNCTION seal_records FROM PUBLIC;

-- For each table what its rows were when they were written: only columns that never change.
CREATE FUNCTION seal_webhook_events() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM seal_records('webhook_event', r.ids, r.digests) FROM (
        SELECT array_agg(n.id) AS ids, array_agg(sha256(record_send(ROW(n.id, n.provider, n.event_id, n.event_type, n.headers, n.body,
            n.received_at)))) AS digests FROM new_rows n
    ) r;
    RETURN NULL;
END
$$;

CREATE FUNCTION seal_charges() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM seal_records('charge', r.ids, r.digests) FROM (
        SELECT array_agg(n.id) AS ids, array_agg(sha256(record_send(ROW(n.id, n.order_id, n.order_number, n.customer_id, n.amount, n.asset,
            n.method, n.capture, n.card_token, n.return_url, n.expires_at, n.metadata, n.provider, n.created_at, n.coin)))) AS digests
        FROM new_rows n
    ) r;
    RETURN NULL;
END
$$;

CREATE FUNCTION seal_notifications() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM seal_records('notification', r.ids, r.digests) FROM (
        SELECT array_agg(n.id) AS ids, array_agg(sha256(record_send(ROW(n.id, n.type, n.cause, n.ordering_key, n.ordinal, n.body,
            n.created_at)))) AS digests FROM new_rows n
    ) r;
    RETURN NULL;
END
$$;

CREATE FUNCTION seal_manual_entries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM seal_records('manual_entry', r.ids, r.digests) FROM (
        SELECT array_agg(n.id) AS ids, array_agg(sha256(record_send(ROW(n.id, n.requested_by, n.requested_at, n.occurred_at,
            n.reason)))) AS digests FROM new_rows n
    ) r;
    RETURN NULL;
END
$$;

-- All transfers of one manual entry are one record.
CREATE FUNCTION seal_manual_entry_transfers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM seal_records('manual_entry_transfers', r.ids, r.digests) FROM (
        SELECT array_agg(e.id) AS ids, array_agg(sha256(e.content)) AS digests FROM (
            SELECT n.manual_entry_id AS id, string_agg(record_send(ROW(n.manual_entry_id, n.ordinal, n.debit_account, n.debit_class,
                n.debit_rule, n.credit_account, n.credit_class, n.credit_rule, n.asset, n.amount)), '' ORDER BY n.ordinal) AS content
            FROM new_rows n GROUP BY n.manual_entry_id
        ) e
    ) r;
    RETURN NULL;
END
$$;

CREATE FUNCTION seal_manual_entry_decisions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM seal_records('manual_entry_decision', r.ids, r.digests) FROM (
        SELECT array_agg(n.manual_entry_id) AS ids, array_agg(sha256(record_send(ROW(n.manual_entry_id, n.requested_by, n.decided_by,
            n.decision, n.entry_id, n.reason, n.decided_at)))) AS digests FROM new_rows n
    ) r;
    RETURN NULL;
END
$$;

CREATE TRIGGER webhook_events_sealed AFTER INSERT ON webhook_events REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION seal_webhook_events();
CREATE TRIGGER charges_sealed AFTER INSERT ON charges REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION seal_charges();
CREATE TRIGGER notifications_sealed AFTER INSERT ON notifications REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION seal_notifications();
CREATE TRIGGER manual_entries_sealed AFTER INSERT ON manual_entries REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION seal_manual_entries();
CREATE TRIGGER manual_entry_transfers_sealed AFTER INSERT ON manual_entry_transfers REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION seal_manual_entry_transfers();
CREATE TRIGGER manual_entry_decisions_sealed AFTER INSERT ON manual_entry_decisions REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION seal_manual_entry_decisions();

-- What was written before this step, ten thousand to a seal: from now on nobody changes it unseen.
DO $$
DECLARE
    part record;
BEGIN
    FOR part IN
        SELECT kind, array_agg(id ORDER BY id) AS ids, array_agg(digest ORDER BY id) AS digests FROM (
            SELECT kind, id, digest, (row_number() OVER (PARTITION BY kind ORDER BY id) - 1) / 10000 AS place FROM (
                SELECT 'webhook_event' AS kind, n.id, sha256(record_send(ROW(n.id, n.provider, n.event_id, n.event_type, n.headers, n.body,
                    n.received_at))) AS digest FROM webhook_events n
                UNION ALL
                SELECT 'charge', n.id, sha256(record_send(ROW(n.id, n.order_id, n.order_number, n.customer_id, n.amount, n.asset, n.method,
                    n.capture, n.card_token, n.return_url, n.expires_at, n.metadata, n.provider, n.created_at, n.coin))) FROM charges n
                UNION ALL
                SELECT 'notification', n.id, sha256(record_send(ROW(n.id, n.type, n.cause, n.ordering_key, n.ordinal, n.body,
                    n.created_at)))
                FROM notifications n
                UNION ALL
                SELECT 'manual_entry', n.id, sha256(record_send(ROW(n.id, n.requested_by, n.requested_at, n.occurred_at, n.reason)))
                FROM manual_entries n
                UNION ALL
                SELECT 'manual_entry_transfers', n.manual_entry_id, sha256(string_agg(record_send(ROW(n.manual_entry_id, n.ordinal,
                    n.debit_account, n.debit_class, n.debit_rule, n.credit_account, n.credit_class, n.credit_rule, n.asset, n.amount)),
                    '' ORDER BY n.ordinal))
                FROM manual_entry_transfers n GROUP BY n.manual_entry_id
                UNION ALL
                SELECT 'manual_entry_decision', n.manual_entry_id, sha256(record_send(ROW(n.manual_entry_id, n.requested_by, n.decided_by,
                    n.decision, n.entry_id, n.reason, n.decided_at)))
                FROM manual_entry_decisions n
            ) all_records
        ) placed GROUP BY kind, place ORDER BY kind, place
    LOOP
        PERFORM seal_records(part.kind, part.ids, part.digests);
    END LOOP;
END
$$;

-- A period of the books is found by when entries were posted, which is nearly the order in which they lie: an index of a few pages, which
-- costs a posting next to nothing.
CREATE INDEX journal_entries_posted ON journal_entries USING brin (posted_at) WITH (pages_per_range = 32, autosummarize = on);
