-- Sealed records (保密案卷): what stands in a sealed unit is seen only by those who hold the permission for it.
ALTER TABLE org_unit ADD COLUMN sealed BOOLEAN NOT NULL DEFAULT FALSE;

-- Where a sealed complaint stood before, and why it is sealed. Lifted, the row goes; the journal keeps it.
CREATE TABLE complaint_seal (
    case_id {PK},
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    reason TEXT NOT NULL,
    sealed_by BIGINT REFERENCES user_account (id),
    sealed_at BIGINT NOT NULL,
    FOREIGN KEY (case_id) REFERENCES complaint (case_id)
);

-- What an authority passed on (监管来件), beside its complaint. Who, what, until when of the case stand in service_case.
CREATE TABLE regulator_case (
    case_id {PK},
    platform TEXT NOT NULL CHECK (platform IN ('12315', '12345', 'other')),
    authority TEXT NOT NULL,
    -- As written, and as compared: a platform gives each number once.
    number TEXT NOT NULL,
    number_key TEXT NOT NULL UNIQUE,
    officer TEXT,
    officer_phone TEXT,
    nature TEXT NOT NULL CHECK (nature IN ('complaint', 'report')),
    -- The store that it is about; a report's case stands elsewhere.
    about_store BIGINT NOT NULL REFERENCES org_unit (id),
    -- The day that the notice bears, when it came, when it was entered, and the due time that it states.
    notice_day TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    entered_at BIGINT NOT NULL,
    entered_by BIGINT REFERENCES user_account (id),
    due_at BIGINT NOT NULL,
    claimant_name TEXT,
    claimant_phone TEXT,
    claim TEXT NOT NULL,
    amount_fen BIGINT NOT NULL CHECK (amount_fen >= 0),
    state TEXT NOT NULL CHECK (state IN ('received', 'mediating', 'replied', 'ended')),
    mediation TEXT CHECK (mediation IN ('joined', 'declined')),
    mediation_at BIGINT,
    mediation_note TEXT,
    replied_at BIGINT,
    reply_way TEXT CHECK (reply_way IN ('platform', 'letter', 'visit', 'mail')),
    reply_note TEXT,
    in_time BOOLEAN,
    ended_at BIGINT,
    outcome TEXT CHECK (outcome IN ('agreement', 'no_agreement', 'withdrawn', 'not_accepted', 'no_violation', 'corrected', 'penalty')),
    outcome_note TEXT,
    paid_fen BIGINT NOT NULL DEFAULT 0,
    -- The statement of facts: the version that stands, the one that a second person is asked about, the one that was signed.
    draft BIGINT NOT NULL DEFAULT 0,
    asked_version BIGINT,
    approval_id BIGINT REFERENCES approval (id),
    signed_version BIGINT,
    signed_at BIGINT,
    signed_by BIGINT REFERENCES user_account (id),
    signed_digest TEXT,
    CHECK ((approval_id IS NULL) = (asked_version IS NULL)),
    FOREIGN KEY (case_id) REFERENCES complaint (case_id)
);
CREATE INDEX regulator_case_open ON regulator_case (due_at, case_id) WHERE ended_at IS NULL;
CREATE INDEX regulator_case_received ON regulator_case (received_at, case_id);
CREATE INDEX regulator_case_claimant ON regulator_case (claimant_phone, received_at) WHERE claimant_phone IS NOT NULL;
CREATE INDEX regulator_case_approval ON regulator_case (approval_id) WHERE approval_id IS NOT NULL;

-- Versions of the statement of facts (情况说明); none is ever changed.
CREATE TABLE regulator_statement (
    id {PK},
    case_id BIGINT NOT NULL REFERENCES regulator_case (case_id),
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    made_by BIGINT REFERENCES user_account (id),
    made_at BIGINT NOT NULL,
    -- Written by the program from the record, or by a person.
    origin TEXT NOT NULL CHECK (origin IN ('record', 'person')),
    UNIQUE (case_id, version)
);
