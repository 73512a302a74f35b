-- What the score is computed from is counted once and kept, so that only what changed is computed again.

-- Something happened that may move a score. Written with the fact itself, taken away by whoever computes; nobody waits for another.
CREATE TABLE score_touch (
    id {PK},
    -- case, sale, goods, unit (numbers, entries or judgements of a unit).
    kind TEXT NOT NULL,
    record_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    -- The day on which a sale stood before it was changed.
    day TEXT
);

-- Counts over records by store and day.
CREATE TABLE score_fact (
    fact TEXT NOT NULL,
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    day TEXT NOT NULL,
    good BIGINT NOT NULL,
    counted BIGINT NOT NULL,
    PRIMARY KEY (fact, store_id, day)
);
CREATE INDEX score_fact_day ON score_fact (day, fact);

-- What was counted at a store over the days that the schemes ask for; JSON, written and read by the program only.
CREATE TABLE score_base (
    store_id BIGINT NOT NULL PRIMARY KEY REFERENCES org_unit (id),
    body TEXT NOT NULL
);

-- The one row that says for which day and by which schemes all this stands. Who computes from an older version begins again.
CREATE TABLE score_state (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    day TEXT NOT NULL,
    digest TEXT NOT NULL,
    -- Counts over goods, which belong to no store; JSON.
    goods TEXT NOT NULL,
    version BIGINT NOT NULL,
    checked_at BIGINT NOT NULL
);

CREATE INDEX service_case_entered ON service_case (created_at);
