-- What is offered and asked while a return is negotiated (协商方案): typed, with validity, and the customer's yes with its proof.
CREATE TABLE return_proposal (
    id {PK},
    return_id BIGINT NOT NULL REFERENCES product_return (id),
    seq BIGINT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('us', 'customer')),
    kind TEXT NOT NULL CHECK (kind IN ('extra', 'gesture')),
    -- On top of the law, in money that leaves; of a gesture nothing.
    amount_fen BIGINT NOT NULL CHECK (amount_fen >= 0),
    -- What a gesture costs us, as we reckon it.
    cost_fen BIGINT NOT NULL CHECK (cost_fen >= 0),
    body TEXT NOT NULL,
    -- From this instant on it can no longer be taken; what the customer asks does not lapse.
    valid_until BIGINT,
    state TEXT NOT NULL CHECK (state IN ('open', 'taken', 'countered', 'declined', 'withdrawn')),
    made_by BIGINT REFERENCES user_account (id),
    made_at BIGINT NOT NULL,
    proof TEXT CHECK (proof IN ('signature', 'phone', 'message', 'in_person')),
    note TEXT,
    ended_by BIGINT REFERENCES user_account (id),
    ended_at BIGINT,
    UNIQUE (return_id, seq),
    CHECK ((state = 'taken') = (proof IS NOT NULL)),
    CHECK ((state = 'open') = (ended_at IS NULL)),
    CHECK ((kind = 'extra') = (amount_fen > 0)),
    CHECK (side = 'customer' OR valid_until IS NOT NULL)
);
-- One stands at a time; its answer is the next.
CREATE UNIQUE INDEX return_proposal_open ON return_proposal (return_id) WHERE state = 'open';
