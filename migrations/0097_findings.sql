-- Findings of audits (不符合项 · 观察项) and what is done about them.
CREATE TABLE audit_finding (
    id {PK},
    audit_id BIGINT NOT NULL REFERENCES audit (id),
    seq BIGINT NOT NULL,
    number TEXT NOT NULL UNIQUE,
    severity TEXT NOT NULL CHECK (severity IN ('major', 'minor', 'observation')),
    clause TEXT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES org_unit (id),
    -- The sampled case that it was seen in, if it was one.
    case_id BIGINT REFERENCES service_case (id),
    seen TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'closed')),
    written_by BIGINT NOT NULL REFERENCES user_account (id),
    written_at BIGINT NOT NULL,
    owner_id BIGINT REFERENCES user_account (id),
    due_on TEXT,
    cause TEXT,
    done TEXT,
    proof TEXT,
    answered_by BIGINT REFERENCES user_account (id),
    answered_at BIGINT,
    -- What was said to the answer: yes, or why not.
    verdict TEXT,
    judged_by BIGINT REFERENCES user_account (id),
    judged_at BIGINT,
    reopened BIGINT NOT NULL,
    -- The due day on which it was said that it is over.
    told_on TEXT,
    version BIGINT NOT NULL,
    UNIQUE (audit_id, seq),
    CHECK ((owner_id IS NULL) = (due_on IS NULL)),
    CHECK (state <> 'closed' OR judged_at IS NOT NULL)
);
CREATE INDEX audit_finding_newest ON audit_finding (written_at, id);
CREATE INDEX audit_finding_unit ON audit_finding (unit_id, written_at, id);
CREATE INDEX audit_finding_owner ON audit_finding (owner_id, written_at, id) WHERE owner_id IS NOT NULL;
CREATE INDEX audit_finding_due ON audit_finding (due_on, id) WHERE due_on IS NOT NULL AND state <> 'closed';
