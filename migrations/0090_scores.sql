-- The live score by a scheme (星级看板): what people enter as evidence, what they judge, what was computed, day by day.

-- Evidence that no work produces by itself; `kind` is a kind of record of a scheme. Entered late counts from then on only.
CREATE TABLE score_entry (
    id {PK},
    kind TEXT NOT NULL,
    -- The company, a region or a store that it belongs to.
    unit_id BIGINT NOT NULL REFERENCES org_unit (id),
    -- Whom it is about, for kinds that are asked of people.
    person_id BIGINT REFERENCES user_account (id),
    title TEXT NOT NULL,
    note TEXT,
    -- A visit or sample that conforms.
    met BOOLEAN NOT NULL,
    happened_on TEXT NOT NULL,
    valid_until TEXT,
    entered_at BIGINT NOT NULL,
    entered_by BIGINT REFERENCES user_account (id),
    withdrawn_at BIGINT,
    withdrawn_by BIGINT REFERENCES user_account (id),
    withdrawn_why TEXT,
    -- The end about which whoever entered it was told.
    told_until TEXT,
    CHECK ((withdrawn_at IS NULL) = (withdrawn_why IS NULL))
);
CREATE INDEX score_entry_newest ON score_entry (happened_on, id);
CREATE INDEX score_entry_kind ON score_entry (kind, happened_on, id);
CREATE INDEX score_entry_ends ON score_entry (valid_until, id) WHERE valid_until IS NOT NULL AND withdrawn_at IS NULL;

-- What a person said of an indicator at a unit: a share of its points, or that it does not apply. A new one ends the one before.
CREATE TABLE score_judgement (
    id {PK},
    scheme TEXT NOT NULL,
    clause TEXT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES org_unit (id),
    -- Per cent; NULL = it does not apply.
    percent BIGINT CHECK (percent BETWEEN 0 AND 100),
    reason TEXT NOT NULL,
    judged_by BIGINT REFERENCES user_account (id),
    judged_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_by BIGINT REFERENCES user_account (id)
);
CREATE UNIQUE INDEX score_judgement_now ON score_judgement (scheme, unit_id, clause) WHERE ended_at IS NULL;
CREATE INDEX score_judgement_clause ON score_judgement (scheme, clause, judged_at, id);

-- Special deductions and bonuses that a person confirmed.
CREATE TABLE score_special (
    id {PK},
    scheme TEXT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES org_unit (id),
    -- The code of a cause; NULL = a bonus.
    cause TEXT,
    reason TEXT NOT NULL,
    happened_on TEXT NOT NULL,
    said_by BIGINT REFERENCES user_account (id),
    said_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_by BIGINT REFERENCES user_account (id),
    ended_why TEXT
);
CREATE INDEX score_special_now ON score_special (scheme, unit_id, id) WHERE ended_at IS NULL;

-- What was computed last, per unit: opening the page reads this.
CREATE TABLE score_live (
    scheme TEXT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES org_unit (id),
    computed_at BIGINT NOT NULL,
    -- Tenths of a point of a hundred; NULL when nothing applies.
    low BIGINT,
    high BIGINT,
    -- Everything as JSON, written and read by the program only.
    body TEXT NOT NULL,
    PRIMARY KEY (scheme, unit_id)
);

-- The last of each day, never written again once the day is over.
CREATE TABLE score_day (
    scheme TEXT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES org_unit (id),
    day TEXT NOT NULL,
    low BIGINT,
    high BIGINT,
    body TEXT NOT NULL,
    PRIMARY KEY (scheme, unit_id, day)
);
