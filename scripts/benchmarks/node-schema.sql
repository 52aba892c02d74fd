-- Tables of scripts/benchmarks/node-handler.js, as the guide has them; amounts are whole minor units.
CREATE TABLE users (id integer PRIMARY KEY, wallet_balance bigint NOT NULL DEFAULT 0, updated_at timestamptz NOT NULL DEFAULT now());
INSERT INTO users (id) SELECT generate_series(1, 10000);
CREATE TABLE orders (
    id text PRIMARY KEY, payment_id text NOT NULL UNIQUE, user_id integer NOT NULL REFERENCES users, total_amount bigint NOT NULL,
    status text NOT NULL, paid_at timestamptz, created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE webhook_events (
    id text PRIMARY KEY, type text NOT NULL, payload bytea NOT NULL, received_at timestamptz NOT NULL DEFAULT now(),
    processed_at timestamptz
);
CREATE TABLE transactions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), user_id integer NOT NULL REFERENCES users, order_id text NOT NULL REFERENCES orders,
    type text NOT NULL, amount bigint NOT NULL, balance_before bigint NOT NULL, balance_after bigint NOT NULL, status text NOT NULL,
    payment_method text NOT NULL, created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON transactions (user_id, created_at);
CREATE TABLE notifications (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), type text NOT NULL, body text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz
)
