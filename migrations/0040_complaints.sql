-- Complaints (投诉): a case of that kind has a flow of its own beside the general one.

-- Another capability moves the case; what is live of its kind is taken over by that capability.
ALTER TABLE service_case ADD COLUMN own_flow BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX service_case_complaint_old ON service_case (id) WHERE kind = 'complaint' AND NOT own_flow AND due_at IS NOT NULL;
CREATE INDEX service_case_own_due ON service_case (due_at, id) WHERE own_flow AND due_at IS NOT NULL;
CREATE INDEX service_case_own_due_store ON service_case (store_id, due_at, id) WHERE own_flow AND due_at IS NOT NULL;

-- One for each such case. What the customer said, who has it and the deadlines stand in service_case.
CREATE TABLE complaint (
    case_id {PK},
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    team_id BIGINT REFERENCES org_unit (id),
    owner_id BIGINT REFERENCES user_account (id),
    number TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('registered', 'screening', 'accepted', 'investigating', 'verdict', 'proposal', 'approval',
        'offered', 'agreed', 'executing', 'follow_up', 'closed', 'archived', 'not_accepted', 'duplicate', 'withdrawn',
        'transferred', 'appealed')),
    severity TEXT NOT NULL CHECK (severity IN ('s1', 's2', 's3', 's4')),
    topic TEXT CHECK (topic IN ('safety', 'quality', 'installation', 'repair', 'delivery', 'refund', 'attitude', 'fees', 'promise',
        'privacy', 'other')),
    source TEXT NOT NULL CHECK (source IN ('customer', 'review', 'call_back', 'patrol', 'regulator', 'import')),
    harm BOOLEAN NOT NULL,
    confidential BOOLEAN NOT NULL,
    registered_at BIGINT NOT NULL,
    -- What was found out.
    facts TEXT,
    evidence TEXT,
    party TEXT CHECK (party IN ('store', 'maker', 'carrier', 'installer', 'customer', 'nobody')),
    cause TEXT CHECK (cause IN ('repair_late', 'repair_again', 'installation', 'product', 'delivery', 'manner', 'refund_late',
        'fees', 'oversold', 'information', 'other')),
    responsible_unit BIGINT REFERENCES org_unit (id),
    responsible_user BIGINT REFERENCES user_account (id),
    concluded_by BIGINT REFERENCES user_account (id),
    concluded_at BIGINT,
    -- Why it was not taken on, with what the customer reads.
    reason TEXT CHECK (reason IN ('not_ours', 'no_fact', 'too_late', 'settled', 'in_court', 'abusive')),
    notice TEXT,
    -- A second signature is asked for: for the offer, or for not taking it on.
    pending TEXT CHECK (pending IN ('offer', 'not_accept')),
    approval_id BIGINT REFERENCES approval (id),
    -- The offer that stands, counted from 1; 0 before the first.
    round BIGINT NOT NULL,
    wording TEXT,
    valid_until BIGINT,
    answer TEXT,
    -- Who had it before an appeal, and how often it was appealed and reopened.
    handler_before BIGINT REFERENCES user_account (id),
    appeals BIGINT NOT NULL,
    reopened BIGINT NOT NULL,
    accepted_at BIGINT,
    offered_at BIGINT,
    agreed_at BIGINT,
    executed_at BIGINT,
    ended_at BIGINT,
    archived_at BIGINT,
    called_by BIGINT REFERENCES user_account (id),
    outcome TEXT,
    satisfaction BIGINT CHECK (satisfaction BETWEEN 1 AND 5),
    -- Whether every promised time was kept; known at the end.
    in_time BOOLEAN,
    retain_until TEXT,
    legal_hold TEXT,
    CHECK ((pending IS NULL) = (approval_id IS NULL)),
    FOREIGN KEY (case_id) REFERENCES service_case (id)
);
CREATE INDEX complaint_ended ON complaint (ended_at, case_id) WHERE ended_at IS NOT NULL;
CREATE INDEX complaint_ended_store ON complaint (store_id, ended_at, case_id) WHERE ended_at IS NOT NULL;
CREATE INDEX complaint_registered ON complaint (registered_at, case_id);
CREATE INDEX complaint_registered_store ON complaint (store_id, registered_at, case_id);
CREATE INDEX complaint_concluded ON complaint (concluded_at, case_id) WHERE concluded_at IS NOT NULL;
CREATE INDEX complaint_approval ON complaint (approval_id) WHERE approval_id IS NOT NULL;

-- What is offered, line by line, and whether it was done.
CREATE TABLE complaint_line (
    id {PK},
    case_id BIGINT NOT NULL REFERENCES complaint (case_id),
    round BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('apology', 'refund', 'exchange', 'repair', 'voucher', 'compensation')),
    body TEXT NOT NULL,
    amount_fen BIGINT NOT NULL CHECK (amount_fen >= 0),
    by_law BOOLEAN NOT NULL,
    done_at BIGINT,
    done_by BIGINT REFERENCES user_account (id),
    done_note TEXT,
    CHECK ((done_at IS NULL) = (done_note IS NULL))
);
CREATE INDEX complaint_line_case ON complaint_line (case_id, round, seq);

-- Who may not handle it, because it is about them.
CREATE TABLE complaint_interest (
    case_id BIGINT NOT NULL REFERENCES complaint (case_id),
    user_id BIGINT NOT NULL REFERENCES user_account (id),
    PRIMARY KEY (case_id, user_id)
);

-- What is promised besides the deadlines of cases, by severity; amount is minutes, or days for working_days.
CREATE TABLE complaint_promise (
    severity TEXT NOT NULL CHECK (severity IN ('s1', 's2', 's3', 's4')),
    stage TEXT NOT NULL CHECK (stage IN ('decision', 'call_back')),
    unit TEXT NOT NULL CHECK (unit IN ('working', 'natural', 'working_days')),
    amount BIGINT NOT NULL CHECK (amount > 0),
    effective_from BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (severity, stage, version)
);
INSERT INTO complaint_promise (severity, stage, unit, amount, effective_from, version) VALUES
    ('s1', 'decision', 'working', 60, 0, 1),
    ('s2', 'decision', 'working', 240, 0, 1),
    ('s3', 'decision', 'working_days', 1, 0, 1),
    ('s4', 'decision', 'working_days', 2, 0, 1),
    ('s1', 'call_back', 'working_days', 1, 0, 1),
    ('s2', 'call_back', 'working_days', 3, 0, 1),
    ('s3', 'call_back', 'working_days', 5, 0, 1),
    ('s4', 'call_back', 'working_days', 7, 0, 1);
