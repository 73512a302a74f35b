-- A changed text or limit, tried on past returns before it is published. Nothing of them is changed.

CREATE TABLE policy_replay (
    id {PK},
    what TEXT NOT NULL CHECK (what IN ('terms', 'limit')),
    -- The terms that the draft would follow, and the version that it was written over.
    terms_id BIGINT REFERENCES cover_terms (id),
    base_version BIGINT,
    name TEXT NOT NULL,
    -- JSON: the terms as typed.
    draft TEXT NOT NULL,
    -- The own limit that is tried.
    limit_fen BIGINT CHECK (limit_fen >= 0),
    from_day TEXT NOT NULL,
    to_day TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'published')),
    looked BIGINT NOT NULL,
    total BIGINT NOT NULL,
    -- JSON: what it came to.
    outcome TEXT,
    asked_by BIGINT REFERENCES user_account (id),
    asked_at BIGINT NOT NULL,
    done_at BIGINT,
    version BIGINT NOT NULL,
    CHECK ((what = 'terms') = (terms_id IS NOT NULL)),
    CHECK ((what = 'limit') = (limit_fen IS NOT NULL))
);

-- The returns that would have gone otherwise, the greatest differences first.
CREATE TABLE replay_difference (
    replay_id BIGINT NOT NULL REFERENCES policy_replay (id),
    position BIGINT NOT NULL,
    return_id BIGINT NOT NULL REFERENCES product_return (id),
    was_fen BIGINT NOT NULL,
    would_fen BIGINT NOT NULL,
    was_day TEXT,
    would_day TEXT,
    PRIMARY KEY (replay_id, position)
);

CREATE INDEX product_return_judged ON product_return (judged_on, id);
