-- Metrics: additive parts per store, one dimension and day. Writers append to metric_delta; a job folds it into metric_rollup;
-- readers add both. No dimension is '' with the value ''.
CREATE TABLE metric_delta (
    id {PK},
    part TEXT NOT NULL,
    store_id BIGINT NOT NULL,
    dimension TEXT NOT NULL,
    value TEXT NOT NULL,
    day TEXT NOT NULL,
    n BIGINT NOT NULL
);

-- The key's order is that of reading: one part, a list of stores, a range of days.
CREATE TABLE metric_rollup (
    part TEXT NOT NULL,
    dimension TEXT NOT NULL,
    store_id BIGINT NOT NULL,
    day TEXT NOT NULL,
    value TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (part, dimension, store_id, day, value)
);

-- Where a rebuild gathers its sums before it takes the place of metric_rollup in one transaction.
CREATE TABLE metric_staging (
    part TEXT NOT NULL,
    dimension TEXT NOT NULL,
    store_id BIGINT NOT NULL,
    day TEXT NOT NULL,
    value TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (part, dimension, store_id, day, value)
);
