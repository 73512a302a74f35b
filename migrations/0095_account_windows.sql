-- Accounts of people from outside (外部人员账号): good from one instant to another or until somebody closes them, and every page that they ask
-- for is noted.
CREATE TABLE account_window (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES user_account (id),
    opens_at BIGINT NOT NULL,
    closes_at BIGINT NOT NULL,
    -- Closed early.
    closed_at BIGINT,
    -- Counts what its holder wrote: who writes and who closes meet at this row.
    uses BIGINT NOT NULL,
    CHECK (opens_at < closes_at)
);

CREATE TABLE account_visit (
    id {PK},
    user_id BIGINT NOT NULL REFERENCES user_account (id),
    at BIGINT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    -- What was answered, as HTTP says it.
    status BIGINT NOT NULL
);
CREATE INDEX account_visit_of ON account_visit (user_id, id);
