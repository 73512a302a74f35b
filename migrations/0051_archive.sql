-- For how many years the archive keeps a complaint, by kind; versions with the instant from which each counts.
CREATE TABLE archive_rule (
    kind TEXT NOT NULL CHECK (kind IN ('complaint', 'regulator', 'report')),
    years BIGINT NOT NULL CHECK (years BETWEEN 3 AND 30),
    effective_from BIGINT NOT NULL,
    version BIGINT NOT NULL,
    set_by BIGINT REFERENCES user_account (id),
    PRIMARY KEY (kind, version)
);
INSERT INTO archive_rule (kind, years, effective_from, version) VALUES
    ('complaint', 3, 0, 1),
    ('regulator', 3, 0, 1),
    ('report', 3, 0, 1);

-- Who set a promised time.
ALTER TABLE complaint_promise ADD COLUMN set_by BIGINT REFERENCES user_account (id);

-- An archived complaint whose time is over: proposed to a person, who keeps it longer or lets its words go.
CREATE TABLE archive_end (
    case_id {PK},
    proposed_at BIGINT NOT NULL,
    erased_at BIGINT,
    decided_by BIGINT REFERENCES user_account (id),
    FOREIGN KEY (case_id) REFERENCES complaint (case_id)
);
CREATE INDEX complaint_retained ON complaint (retain_until, case_id) WHERE retain_until IS NOT NULL;
CREATE INDEX complaint_closed ON complaint (case_id) WHERE state = 'closed';
