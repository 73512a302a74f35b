-- Certificates (证书) that a certifying body awarded: what they cover, when they are looked after, where their mark is used.
CREATE TABLE certificate (
    id {PK},
    -- The company, a region or a store that holds it.
    unit_id BIGINT NOT NULL REFERENCES org_unit (id),
    issuer TEXT NOT NULL,
    number TEXT NOT NULL,
    -- The rule and its version.
    rule TEXT NOT NULL,
    scope TEXT NOT NULL,
    level TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    note TEXT,
    entered_by BIGINT REFERENCES user_account (id),
    entered_at BIGINT NOT NULL,
    -- The end of which people were told, three months ahead.
    told_until TEXT,
    withdrawn_at BIGINT,
    withdrawn_by BIGINT REFERENCES user_account (id),
    withdrawn_why TEXT,
    CHECK (valid_from <= valid_until),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_why IS NULL))
);
CREATE INDEX certificate_end ON certificate (valid_until, id);
CREATE UNIQUE INDEX certificate_once ON certificate (issuer, number) WHERE withdrawn_at IS NULL;

-- The yearly surveillance (年度监督) of a certificate.
CREATE TABLE certificate_visit (
    id {PK},
    certificate_id BIGINT NOT NULL REFERENCES certificate (id),
    due_on TEXT NOT NULL,
    done_on TEXT,
    result TEXT,
    done_by BIGINT REFERENCES user_account (id),
    -- Somebody was told that it is due.
    told BOOLEAN NOT NULL,
    CHECK ((done_on IS NULL) = (result IS NULL))
);
CREATE UNIQUE INDEX certificate_visit_once ON certificate_visit (certificate_id, due_on);
CREATE INDEX certificate_visit_open ON certificate_visit (due_on, id) WHERE done_on IS NULL;

-- Where the mark is used (标志使用), and until when it may be.
CREATE TABLE certificate_use (
    id {PK},
    certificate_id BIGINT NOT NULL REFERENCES certificate (id),
    place TEXT NOT NULL,
    allowed_from TEXT NOT NULL,
    allowed_until TEXT NOT NULL,
    ended_on TEXT,
    entered_by BIGINT REFERENCES user_account (id),
    entered_at BIGINT NOT NULL,
    CHECK (allowed_from <= allowed_until)
);
CREATE INDEX certificate_use_of ON certificate_use (certificate_id, id);
