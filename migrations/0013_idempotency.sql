-- What a repeated request (same key, same actor, same route) is answered with, kept in the transaction that did the work.
CREATE TABLE idempotency (
    id {PK},
    actor TEXT NOT NULL,
    route TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    body_digest TEXT NOT NULL,
    result TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (actor, route, idempotency_key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);
