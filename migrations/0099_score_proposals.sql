-- Special deductions that the records suggest (特别扣分提议): one for each record and cause; a person confirms or dismisses it.

CREATE TABLE score_proposal (
    id {PK},
    -- The code of a cause of the scheme.
    cause TEXT NOT NULL,
    -- What was seen: late_refund, below_law, leak, own_rule.
    sign TEXT NOT NULL,
    record_kind TEXT NOT NULL,
    record_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES org_unit (id),
    -- What people call the record, and what was seen of it.
    number TEXT NOT NULL,
    detail TEXT,
    happened_on TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'confirmed', 'dismissed')),
    decided_by BIGINT REFERENCES user_account (id),
    decided_at BIGINT,
    reason TEXT,
    special_id BIGINT REFERENCES score_special (id),
    UNIQUE (record_kind, record_id, cause),
    CHECK ((state = 'open') = (decided_at IS NULL)),
    CHECK ((state = 'open') = (reason IS NULL)),
    CHECK ((state = 'confirmed') = (special_id IS NOT NULL))
);
CREATE INDEX score_proposal_newest ON score_proposal (state, seen_at, id);
