-- Audits (审核): outside, inside and mystery visits as records, with their plan of days, samples that anybody can draw again, and the people
-- from outside who may look.
CREATE TABLE audit_number (
    day TEXT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);

CREATE TABLE audit (
    id {PK},
    number TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('external', 'internal', 'mystery')),
    title TEXT NOT NULL,
    scheme TEXT NOT NULL,
    -- The certification body or whoever sends the auditors.
    body TEXT,
    -- The lead assessor as people name them, and the member of staff if it is one.
    lead_name TEXT,
    lead_id BIGINT REFERENCES user_account (id),
    from_on TEXT NOT NULL,
    until_on TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'running', 'closed', 'cancelled')),
    note TEXT,
    -- What came of it, or why it was cancelled.
    result TEXT,
    -- Where it stands: the company.
    unit_id BIGINT NOT NULL REFERENCES org_unit (id),
    created_at BIGINT NOT NULL,
    created_by BIGINT REFERENCES user_account (id),
    -- Samples and findings so far: whoever adds one takes the next number here.
    draws BIGINT NOT NULL,
    findings BIGINT NOT NULL,
    version BIGINT NOT NULL,
    CHECK (from_on <= until_on)
);
CREATE INDEX audit_newest ON audit (from_on, id);
CREATE INDEX audit_lead ON audit (lead_id, id) WHERE lead_id IS NOT NULL;

-- Which units it is about; none = the whole company.
CREATE TABLE audit_unit (
    audit_id BIGINT NOT NULL REFERENCES audit (id),
    unit_id BIGINT NOT NULL REFERENCES org_unit (id),
    PRIMARY KEY (audit_id, unit_id)
);

-- The plan of the days.
CREATE TABLE audit_line (
    id {PK},
    audit_id BIGINT NOT NULL REFERENCES audit (id),
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    unit_id BIGINT REFERENCES org_unit (id),
    clause TEXT,
    who TEXT,
    topic TEXT NOT NULL,
    CHECK (from_at < until_at)
);
CREATE INDEX audit_line_of ON audit_line (audit_id, from_at, id);

-- A sample, never changed: seed, rule and the whole population are kept, so that anybody can draw it again.
CREATE TABLE audit_draw (
    id {PK},
    audit_id BIGINT NOT NULL REFERENCES audit (id),
    seq BIGINT NOT NULL,
    rule TEXT NOT NULL,
    seed BIGINT NOT NULL,
    from_on TEXT NOT NULL,
    until_on TEXT NOT NULL,
    stores BIGINT NOT NULL,
    cases BIGINT NOT NULL,
    complaints BIGINT NOT NULL,
    -- SHA-256 of the population's lines.
    digest TEXT NOT NULL,
    -- One line for each store and case that could have been drawn, sorted.
    population TEXT NOT NULL,
    drawn_at BIGINT NOT NULL,
    drawn_by BIGINT REFERENCES user_account (id),
    UNIQUE (audit_id, seq)
);

CREATE TABLE audit_sample_store (
    draw_id BIGINT NOT NULL REFERENCES audit_draw (id),
    unit_id BIGINT NOT NULL REFERENCES org_unit (id),
    code TEXT NOT NULL,
    region TEXT NOT NULL,
    rank TEXT NOT NULL,
    PRIMARY KEY (draw_id, unit_id)
);

CREATE TABLE audit_sample_case (
    draw_id BIGINT NOT NULL REFERENCES audit_draw (id),
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    unit_id BIGINT NOT NULL REFERENCES org_unit (id),
    kind TEXT NOT NULL CHECK (kind IN ('case', 'complaint')),
    number TEXT NOT NULL,
    rank TEXT NOT NULL,
    PRIMARY KEY (draw_id, case_id)
);
CREATE INDEX audit_sample_case_of ON audit_sample_case (case_id, draw_id);

-- Who from outside may look at an audit; when is in account_window.
CREATE TABLE audit_access (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES user_account (id),
    audit_id BIGINT NOT NULL REFERENCES audit (id),
    given_at BIGINT NOT NULL,
    given_by BIGINT REFERENCES user_account (id),
    withdrawn_by BIGINT REFERENCES user_account (id),
    withdrawn_why TEXT
);
CREATE INDEX audit_access_of ON audit_access (audit_id, user_id);
