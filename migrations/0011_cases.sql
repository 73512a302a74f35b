-- Cases (服务单), their messages, plans and customer links, and the rules of their deadlines.

CREATE TABLE service_case (
    id {PK},
    number TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('inquiry', 'repair', 'installation', 'feedback', 'complaint', 'return')),
    channel TEXT NOT NULL CHECK (channel IN ('counter', 'phone', 'web', 'qr', 'mail', 'api', 'import')),
    priority TEXT NOT NULL CHECK (priority IN ('urgent', 'high', 'normal', 'low')),
    state TEXT NOT NULL CHECK (state IN ('new', 'accepted', 'analysing', 'plan_proposed', 'executing', 'waiting', 'resolved',
        'closed', 'rejected', 'cancelled', 'merged')),
    category TEXT NOT NULL CHECK (category IN ('open', 'waiting', 'resolved', 'closed', 'void')),
    step BIGINT NOT NULL CHECK (step BETWEEN 1 AND 6),
    -- A waiting case has all four, another has none.
    wait_reason TEXT CHECK (wait_reason IN ('customer', 'supplier', 'parts', 'appointment', 'approval')),
    wait_until BIGINT,
    wait_owner BIGINT REFERENCES user_account (id),
    wait_previous TEXT CHECK (wait_previous IN ('accepted', 'analysing', 'plan_proposed', 'executing')),
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    team_id BIGINT REFERENCES org_unit (id),
    owner_id BIGINT REFERENCES user_account (id),
    customer_id BIGINT REFERENCES customer (id),
    -- Copies, so that a list reads one table.
    customer_name TEXT NOT NULL,
    phone_masked TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    wish TEXT NOT NULL CHECK (wish IN ('unsaid', 'repair', 'exchange', 'refund')),
    upset BOOLEAN NOT NULL,
    product TEXT,
    serial TEXT,
    external_id TEXT,
    -- The nearest running deadline; 253402300799999 when none runs, NULL when the case is over: what is live is indexed by it.
    due_at BIGINT,
    due_stage TEXT,
    -- When the nearest deadline begins to be soon, and when it was last begun.
    due_soon_at BIGINT,
    due_from BIGINT,
    outcome TEXT,
    cause TEXT,
    result_note TEXT,
    declined BIGINT NOT NULL,
    reopened BIGINT NOT NULL,
    merged_into BIGINT REFERENCES service_case (id),
    -- When the customer came (event time) and when it was typed in (entry time).
    happened_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BIGINT REFERENCES user_account (id),
    accepted_at BIGINT,
    first_answered_at BIGINT,
    resolved_at BIGINT,
    closed_at BIGINT,
    version BIGINT NOT NULL,
    UNIQUE (store_id, external_id),
    CHECK ((state = 'waiting') = (wait_reason IS NOT NULL AND wait_until IS NOT NULL AND wait_owner IS NOT NULL
        AND wait_previous IS NOT NULL)),
    CHECK ((category IN ('closed', 'void')) = (due_at IS NULL)),
    CHECK ((state = 'merged') = (merged_into IS NOT NULL))
);
CREATE INDEX service_case_queue ON service_case (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX service_case_queue_state ON service_case (state, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX service_case_queue_store ON service_case (store_id, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX service_case_queue_owner ON service_case (owner_id, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX service_case_queue_team ON service_case (team_id, due_at, id) WHERE due_at IS NOT NULL AND team_id IS NOT NULL;
CREATE INDEX service_case_newest ON service_case (happened_at, id);
CREATE INDEX service_case_store ON service_case (store_id, happened_at, id);
CREATE INDEX service_case_owner ON service_case (owner_id, happened_at, id) WHERE owner_id IS NOT NULL;
CREATE INDEX service_case_team ON service_case (team_id, happened_at, id) WHERE team_id IS NOT NULL;
CREATE INDEX service_case_customer ON service_case (customer_id, happened_at, id) WHERE customer_id IS NOT NULL;
CREATE INDEX service_case_wake ON service_case (wait_until, id) WHERE wait_until IS NOT NULL;

CREATE TABLE case_message (
    id {PK},
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'internal')),
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    author_kind TEXT NOT NULL CHECK (author_kind IN ('staff', 'token', 'customer', 'system')),
    author_id BIGINT REFERENCES user_account (id),
    author_name TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX case_message_case ON case_message (case_id, id);

CREATE TABLE case_plan (
    id {PK},
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    revision BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'confirmed', 'declined', 'superseded')),
    findings TEXT NOT NULL,
    proposed_by BIGINT REFERENCES user_account (id),
    proposed_at BIGINT NOT NULL,
    decided_at BIGINT,
    chosen BIGINT,
    proof TEXT CHECK (proof IN ('link', 'counter', 'phone')),
    proof_note TEXT,
    decline_reason TEXT,
    UNIQUE (case_id, revision),
    CHECK ((state = 'confirmed') = (chosen IS NOT NULL))
);

CREATE TABLE case_plan_option (
    plan_id BIGINT NOT NULL REFERENCES case_plan (id),
    ordinal BIGINT NOT NULL,
    body TEXT NOT NULL,
    done_by BIGINT,
    PRIMARY KEY (plan_id, ordinal)
);

CREATE TABLE case_plan_line (
    plan_id BIGINT NOT NULL REFERENCES case_plan (id),
    option_ordinal BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    body TEXT NOT NULL,
    amount_fen BIGINT NOT NULL CHECK (amount_fen >= 0),
    bearer TEXT NOT NULL CHECK (bearer IN ('customer', 'store', 'maker', 'insurer')),
    PRIMARY KEY (plan_id, option_ordinal, ordinal)
);

-- What a customer holds instead of a password. Only the hash of the token is kept.
CREATE TABLE customer_link (
    id {PK},
    token_hash TEXT NOT NULL UNIQUE,
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('track', 'decide', 'rate')),
    created_at BIGINT NOT NULL,
    created_by BIGINT REFERENCES user_account (id),
    expires_at BIGINT NOT NULL,
    opened_at BIGINT,
    used_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX customer_link_case ON customer_link (case_id, id);

-- How far the numbers of a day are handed out; a node takes 100 at once, so gaps are normal.
CREATE TABLE number_block (
    prefix TEXT NOT NULL,
    day TEXT NOT NULL,
    taken BIGINT NOT NULL,
    PRIMARY KEY (prefix, day)
);

-- How long each stage may take. NULL means every kind or every priority; the best fit counts (cases::domain::Policy).
-- amount is minutes, or days for working_days.
CREATE TABLE deadline_policy (
    id {PK},
    kind TEXT CHECK (kind IN ('inquiry', 'repair', 'installation', 'feedback', 'complaint', 'return')),
    priority TEXT CHECK (priority IN ('urgent', 'high', 'normal', 'low')),
    stage TEXT NOT NULL CHECK (stage IN ('acknowledge', 'first_answer', 'plan', 'customer_answer', 'solution', 'confirm', 'next_answer')),
    unit TEXT NOT NULL CHECK (unit IN ('working', 'natural', 'working_days')),
    amount BIGINT NOT NULL CHECK (amount > 0),
    effective_from BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX deadline_policy_stage ON deadline_policy (stage);

-- What a new installation begins with; valid from the beginning of time, so that imported cases are judged by it too.
INSERT INTO deadline_policy (id, kind, priority, stage, unit, amount, effective_from, version) VALUES
    (1, NULL, 'urgent', 'acknowledge', 'working', 10, 0, 1),
    (2, NULL, 'high', 'acknowledge', 'working', 15, 0, 1),
    (3, NULL, 'normal', 'acknowledge', 'working', 30, 0, 1),
    (4, NULL, 'low', 'acknowledge', 'working', 120, 0, 1),
    (5, NULL, 'urgent', 'first_answer', 'working', 15, 0, 1),
    (6, NULL, 'high', 'first_answer', 'working', 30, 0, 1),
    (7, NULL, 'normal', 'first_answer', 'working', 60, 0, 1),
    (8, NULL, 'low', 'first_answer', 'working', 240, 0, 1),
    (9, NULL, 'urgent', 'plan', 'working', 120, 0, 1),
    (10, NULL, 'high', 'plan', 'working', 240, 0, 1),
    (11, NULL, 'normal', 'plan', 'working', 720, 0, 1),
    (12, NULL, 'low', 'plan', 'working', 1440, 0, 1),
    (13, NULL, 'urgent', 'customer_answer', 'natural', 720, 0, 1),
    (14, NULL, NULL, 'customer_answer', 'natural', 2880, 0, 1),
    (15, NULL, 'urgent', 'solution', 'working_days', 1, 0, 1),
    (16, NULL, 'high', 'solution', 'working_days', 2, 0, 1),
    (17, NULL, 'normal', 'solution', 'working_days', 5, 0, 1),
    (18, NULL, 'low', 'solution', 'working_days', 10, 0, 1),
    (19, NULL, NULL, 'confirm', 'working_days', 7, 0, 1),
    (20, NULL, 'urgent', 'next_answer', 'working', 240, 0, 1),
    (21, NULL, 'high', 'next_answer', 'working', 720, 0, 1),
    (22, NULL, NULL, 'next_answer', 'working_days', 2, 0, 1),
    -- A question is answered the same day.
    (23, 'inquiry', 'urgent', 'solution', 'working', 240, 0, 1),
    (24, 'inquiry', NULL, 'solution', 'working_days', 1, 0, 1),
    (25, 'feedback', NULL, 'solution', 'working_days', 10, 0, 1),
    -- Whoever complains hears from a person sooner.
    (26, 'complaint', 'urgent', 'first_answer', 'working', 10, 0, 1),
    (27, 'complaint', 'high', 'first_answer', 'working', 15, 0, 1),
    (28, 'complaint', NULL, 'first_answer', 'working', 30, 0, 1),
    (29, 'complaint', 'urgent', 'plan', 'working', 120, 0, 1),
    (30, 'complaint', NULL, 'plan', 'working', 480, 0, 1);
