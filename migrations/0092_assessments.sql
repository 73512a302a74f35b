-- Self-assessments (自评): the whole computed result of a unit on a day, signed as it was and never changed.
CREATE TABLE assessment (
    id {PK},
    scheme TEXT NOT NULL,
    scheme_version TEXT NOT NULL,
    -- The company, a region or a store.
    unit_id BIGINT NOT NULL REFERENCES org_unit (id),
    day TEXT NOT NULL,
    title TEXT NOT NULL,
    note TEXT,
    -- Tenths of a point of a hundred, and the codes of levels; NULL when nothing applies or none is reached.
    low BIGINT,
    high BIGINT,
    level_low TEXT,
    level_high TEXT,
    estimate BOOLEAN NOT NULL,
    -- What was signed, byte by byte.
    body TEXT NOT NULL,
    -- Digest, key and signature as JSON.
    proof TEXT NOT NULL,
    made_by BIGINT REFERENCES user_account (id),
    made_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    withdrawn_by BIGINT REFERENCES user_account (id),
    withdrawn_why TEXT,
    CHECK ((withdrawn_at IS NULL) = (withdrawn_why IS NULL))
);
CREATE INDEX assessment_newest ON assessment (day, id);
CREATE INDEX assessment_unit ON assessment (unit_id, day, id);
-- Sent twice it is made once.
CREATE UNIQUE INDEX assessment_once ON assessment (scheme, unit_id, day, title) WHERE withdrawn_at IS NULL;
