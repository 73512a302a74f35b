-- The journal: who did what to which record, when it happened and when it was entered. Append-only: the only column that is ever
-- written again is seal_id, and the only values that are ever emptied are personal ones in journal_value.
CREATE TABLE journal_seal (
    id {PK},
    seq BIGINT NOT NULL UNIQUE,
    from_id BIGINT NOT NULL,
    to_id BIGINT NOT NULL,
    entries BIGINT NOT NULL CHECK (entries > 0),
    root BYTEA NOT NULL,
    previous BYTEA NOT NULL,
    sealed_at BIGINT NOT NULL,
    digest BYTEA NOT NULL,
    public_key BYTEA NOT NULL,
    signature BYTEA NOT NULL
);

CREATE TABLE journal_entry (
    id {PK},
    record_kind TEXT NOT NULL,
    record_id BIGINT NOT NULL,
    seq BIGINT NOT NULL CHECK (seq > 0),
    verb TEXT NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('staff', 'token', 'customer', 'system')),
    actor_id BIGINT,
    actor_name TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    entered_at BIGINT NOT NULL,
    request TEXT NOT NULL,
    store_id BIGINT,
    previous BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    -- NULL until a seal covers the entry. A marker, not a watermark on ids: a transaction that began earlier may commit later,
    -- with lower ids than what is sealed already, and must still be found by the next seal.
    seal_id BIGINT REFERENCES journal_seal (id),
    UNIQUE (record_kind, record_id, seq)
);

-- What is not sealed yet, in id order: small, because sealed entries leave it. And the leaves of one seal.
CREATE INDEX journal_entry_unsealed ON journal_entry (id) WHERE seal_id IS NULL;
CREATE INDEX journal_entry_seal ON journal_entry (seal_id, id) WHERE seal_id IS NOT NULL;

-- Values apart from their entry, so that personal ones can be emptied while the entry's digest, which covers only the mark
-- H(salt, before, after) of a personal value, still verifies.
CREATE TABLE journal_value (
    entry_id BIGINT NOT NULL REFERENCES journal_entry (id),
    ordinal BIGINT NOT NULL,
    field TEXT NOT NULL,
    personal BOOLEAN NOT NULL,
    before_text TEXT,
    after_text TEXT,
    salt BYTEA,
    mark BYTEA,
    PRIMARY KEY (entry_id, ordinal)
);
