-- Channels (渠道): the phone lines, forms, counters and posters by which customers reach a store, each with an owner.

CREATE TABLE channel (
    id {PK},
    -- What programs call it; also in the address of its form.
    code TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('phone', 'web_form', 'mailbox', 'webhook', 'counter', 'suggestion_box', 'qr_poster')),
    name TEXT NOT NULL,
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    -- Who answers for it and is told when it goes quiet.
    owner_id BIGINT REFERENCES user_account (id),
    -- Its number, address or place.
    address TEXT,
    -- Whether it is open in the working time of its store, or always.
    hours TEXT NOT NULL CHECK (hours IN ('store', 'always')),
    -- What whoever answers says.
    script TEXT,
    -- How many cases its owner expects on an open day; NULL leaves it to its history.
    expected_per_day BIGINT,
    -- In fen.
    cost_per_month BIGINT NOT NULL,
    -- Every how many days somebody tries it out.
    test_days BIGINT,
    test_due_at BIGINT,
    tested_at BIGINT,
    test_passed BOOLEAN,
    test_note TEXT,
    -- The due time about which its owner was told.
    test_told_at BIGINT,
    -- Since when it is quiet against its own history, and by how much: cases expected (in thousandths) and seen.
    quiet_at BIGINT,
    quiet_expected BIGINT,
    quiet_seen BIGINT,
    -- Sites that may show its form inside a page of theirs, one origin a line.
    frames TEXT,
    -- When somebody last sent more to its form than was taken.
    flooded_at BIGINT,
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    CHECK ((test_days IS NULL) = (test_due_at IS NULL)),
    CHECK ((tested_at IS NULL) = (test_passed IS NULL)),
    CHECK (quiet_at IS NULL OR (quiet_expected IS NOT NULL AND quiet_seen IS NOT NULL))
);
CREATE INDEX channel_store ON channel (store_id, kind, id);
CREATE INDEX channel_test ON channel (test_due_at) WHERE test_due_at IS NOT NULL;

-- By which of them a case came.
ALTER TABLE service_case ADD COLUMN via_id BIGINT;
CREATE INDEX service_case_via ON service_case (via_id, happened_at) WHERE via_id IS NOT NULL;
