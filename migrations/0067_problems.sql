-- Problems (难题): what several cases have behind them, with an owner, experts and one timeline.

CREATE TABLE problem (
    id {PK},
    number TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'known_cause', 'solved', 'closed')),
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    owner_id BIGINT NOT NULL REFERENCES user_account (id),
    cause TEXT,
    solution TEXT,
    -- The next day on which somebody looks at it again.
    review_on TEXT,
    -- The review about which the owner was told.
    told_on TEXT,
    opened_at BIGINT NOT NULL,
    opened_by BIGINT REFERENCES user_account (id),
    solved_at BIGINT,
    closed_at BIGINT,
    version BIGINT NOT NULL,
    CHECK (state = 'open' OR cause IS NOT NULL),
    CHECK (state NOT IN ('solved', 'closed') OR solution IS NOT NULL)
);
CREATE INDEX problem_newest ON problem (opened_at, id);
CREATE INDEX problem_store ON problem (store_id, opened_at, id);
CREATE INDEX problem_owner ON problem (owner_id, opened_at, id);
CREATE INDEX problem_review ON problem (review_on, id) WHERE review_on IS NOT NULL;

-- People who help, wherever they work; they see it.
CREATE TABLE problem_expert (
    problem_id BIGINT NOT NULL REFERENCES problem (id),
    user_id BIGINT NOT NULL REFERENCES user_account (id),
    PRIMARY KEY (problem_id, user_id)
);
CREATE INDEX problem_expert_user ON problem_expert (user_id, problem_id);

-- The cases behind which it lies; a case belongs to one problem.
CREATE TABLE problem_case (
    case_id {PK},
    problem_id BIGINT NOT NULL REFERENCES problem (id),
    linked_at BIGINT NOT NULL,
    linked_by BIGINT REFERENCES user_account (id),
    FOREIGN KEY (case_id) REFERENCES service_case (id)
);
CREATE INDEX problem_case_problem ON problem_case (problem_id, case_id);

-- The last number of a day.
CREATE TABLE problem_number (
    day TEXT PRIMARY KEY,
    last BIGINT NOT NULL
);
