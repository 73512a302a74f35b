-- Approvals (platform/approvals): everything that needs a second yes, the limits below which nobody is asked, and stand-ins.

-- Each publication of the limits is a version; the newest whose day has come counts.
CREATE TABLE approval_limits (
    version BIGINT NOT NULL PRIMARY KEY,
    effective_from BIGINT NOT NULL,
    note TEXT NOT NULL,
    published_by BIGINT REFERENCES user_account (id),
    published_at BIGINT NOT NULL
);
CREATE INDEX approval_limits_from ON approval_limits (effective_from, version);

-- How far a role decides alone, by kind of approval; 'any' stands for kinds without rows of their own. No amount = no limit,
-- no row = nothing.
CREATE TABLE approval_limit (
    version BIGINT NOT NULL REFERENCES approval_limits (version),
    kind TEXT NOT NULL,
    role_code TEXT NOT NULL,
    limit_fen BIGINT CHECK (limit_fen >= 0),
    PRIMARY KEY (version, kind, role_code)
);

-- From which amount on two persons say yes (none = never), how many minutes of working time a level has, and after how many
-- days a question is void.
CREATE TABLE approval_rule (
    version BIGINT NOT NULL REFERENCES approval_limits (version),
    kind TEXT NOT NULL,
    two_from_fen BIGINT CHECK (two_from_fen >= 0),
    minutes BIGINT NOT NULL CHECK (minutes > 0),
    days BIGINT NOT NULL CHECK (days > 0),
    PRIMARY KEY (version, kind)
);

-- What a new installation begins with; valid from the beginning of time.
INSERT INTO approval_limits (version, effective_from, note, published_by, published_at) VALUES (1, 0, '', NULL, 0);
INSERT INTO approval_limit (version, kind, role_code, limit_fen) VALUES
    (1, 'any', 'region_manager', 500000),
    (1, 'any', 'headquarters_quality', NULL),
    (1, 'goodwill', 'clerk', 5000),
    (1, 'goodwill', 'technician', 5000),
    (1, 'goodwill', 'store_manager', 50000),
    (1, 'goodwill', 'region_manager', 500000),
    (1, 'goodwill', 'headquarters_quality', NULL);
INSERT INTO approval_rule (version, kind, two_from_fen, minutes, days) VALUES
    (1, 'any', NULL, 30, 7),
    (1, 'goodwill', 2000000, 30, 7);

CREATE TABLE approval (
    id {PK},
    kind TEXT NOT NULL,
    -- What it is about: a record of any kind, what people call it, and where its page is.
    record_kind TEXT NOT NULL,
    record_id BIGINT NOT NULL,
    number TEXT NOT NULL,
    href TEXT NOT NULL,
    sentence TEXT NOT NULL,
    -- What the law gives never waits; only the extra does.
    statutory_fen BIGINT NOT NULL CHECK (statutory_fen >= 0),
    extra_fen BIGINT NOT NULL CHECK (extra_fen >= 0),
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    asked_by BIGINT NOT NULL REFERENCES user_account (id),
    asked_at BIGINT NOT NULL,
    -- The limit that was not enough, and the version of the limits that it came from.
    own_limit_fen BIGINT,
    limits_version BIGINT NOT NULL REFERENCES approval_limits (version),
    minutes BIGINT NOT NULL,
    needed BIGINT NOT NULL CHECK (needed IN (1, 2)),
    state TEXT NOT NULL CHECK (state IN ('asked', 'granted', 'declined', 'withdrawn', 'expired')),
    -- Whose turn it is: the unit whose people decide now, and by when.
    unit_id BIGINT NOT NULL REFERENCES org_unit (id),
    clock_id BIGINT REFERENCES clock (id),
    due_at BIGINT NOT NULL,
    remind_at BIGINT,
    -- Nobody is higher up: it stays here.
    stays BOOLEAN NOT NULL,
    expires_at BIGINT NOT NULL,
    -- When time does something next; none once it is decided.
    next_at BIGINT,
    passed BIGINT NOT NULL,
    -- First passed upward.
    passed_at BIGINT,
    decided_by BIGINT REFERENCES user_account (id),
    decided_for BIGINT REFERENCES user_account (id),
    decided_at BIGINT,
    reason TEXT,
    in_time BOOLEAN,
    version BIGINT NOT NULL,
    CHECK ((state = 'asked') = (decided_at IS NULL)),
    CHECK ((state = 'asked') = (next_at IS NOT NULL))
);
CREATE INDEX approval_turn ON approval (unit_id, due_at, id) WHERE state = 'asked';
CREATE INDEX approval_next ON approval (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX approval_record ON approval (record_kind, record_id, id);
CREATE INDEX approval_asked ON approval (asked_at, id);
CREATE INDEX approval_asked_by ON approval (asked_by, asked_at, id);
CREATE INDEX approval_asked_store ON approval (store_id, asked_at, id);
CREATE INDEX approval_decided ON approval (decided_at, id) WHERE decided_at IS NOT NULL;
CREATE INDEX approval_decided_store ON approval (store_id, decided_at, id) WHERE decided_at IS NOT NULL;

-- What happened to it, in order.
CREATE TABLE approval_step (
    approval_id BIGINT NOT NULL REFERENCES approval (id),
    seq BIGINT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('asked', 'reminded', 'passed', 'granted', 'declined', 'withdrawn', 'expired')),
    at BIGINT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES org_unit (id),
    user_id BIGINT REFERENCES user_account (id),
    in_name_of BIGINT REFERENCES user_account (id),
    -- Passed upward: since when the level before had had it, and until when it had time.
    since_at BIGINT,
    due_at BIGINT,
    reason TEXT,
    by_link BOOLEAN NOT NULL,
    PRIMARY KEY (approval_id, seq)
);
CREATE INDEX approval_step_signed ON approval_step (user_id, approval_id) WHERE what = 'granted';

-- Who stands in for whom, from when until when.
CREATE TABLE approval_deputy (
    id {PK},
    absent_id BIGINT NOT NULL REFERENCES user_account (id),
    deputy_id BIGINT NOT NULL REFERENCES user_account (id),
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    note TEXT NOT NULL,
    set_by BIGINT REFERENCES user_account (id),
    set_at BIGINT NOT NULL,
    ended_at BIGINT,
    CHECK (absent_id <> deputy_id),
    CHECK (from_at < until_at)
);
CREATE INDEX approval_deputy_until ON approval_deputy (until_at, id);
CREATE INDEX approval_deputy_absent ON approval_deputy (absent_id, until_at);

-- What a decider holds on a phone: good for one decision of one person. Only the hash of the token is kept.
CREATE TABLE approval_link (
    id {PK},
    token_hash TEXT NOT NULL UNIQUE,
    approval_id BIGINT NOT NULL REFERENCES approval (id),
    user_id BIGINT NOT NULL REFERENCES user_account (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    opened_at BIGINT,
    used_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX approval_link_approval ON approval_link (approval_id, id);
