-- Satisfaction surveys: one invitation per closed case, and the customer's answer.

CREATE TABLE survey (
    id {PK},
    case_id BIGINT NOT NULL UNIQUE REFERENCES service_case (id),
    -- Copies of the case as of the invitation, so that a list reads one table.
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    team_id BIGINT REFERENCES org_unit (id),
    owner_id BIGINT REFERENCES user_account (id),
    number TEXT NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    invited_at BIGINT NOT NULL,
    -- Whether the link went out by itself; without a public address it does not, and staff hand it over.
    sent BOOLEAN NOT NULL,
    -- The answer; the last change of it counts.
    csat BIGINT CHECK (csat BETWEEN 1 AND 5),
    nps BIGINT CHECK (nps BETWEEN 0 AND 10),
    effort BIGINT CHECK (effort BETWEEN 1 AND 5),
    solved TEXT CHECK (solved IN ('yes', 'partly', 'no')),
    words TEXT,
    answered_at BIGINT,
    changed_at BIGINT,
    -- A low rating asks for somebody to make up for it.
    recovery TEXT NOT NULL CHECK (recovery IN ('none', 'open', 'done')),
    recovery_note TEXT,
    recovered_by BIGINT REFERENCES user_account (id),
    recovered_at BIGINT,
    -- The invitation, then the answer: what lists are ordered by.
    moved_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    CHECK ((answered_at IS NULL) = (csat IS NULL)),
    CHECK ((recovery = 'done') = (recovered_at IS NOT NULL))
);
CREATE INDEX survey_newest ON survey (moved_at, id);
CREATE INDEX survey_store ON survey (store_id, moved_at, id);
CREATE INDEX survey_owner ON survey (owner_id, moved_at, id) WHERE owner_id IS NOT NULL;
CREATE INDEX survey_recovery ON survey (recovery, moved_at, id) WHERE recovery = 'open';
