-- Steps of a plan to the next star that somebody does by a day (星级计划任务), with what the indicator earned when it was given.

CREATE TABLE score_task (
    id {PK},
    scheme TEXT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES org_unit (id),
    action TEXT NOT NULL,
    clause TEXT NOT NULL,
    title TEXT NOT NULL,
    owner_id BIGINT NOT NULL REFERENCES user_account (id),
    due_on TEXT NOT NULL,
    -- Fen.
    cost BIGINT NOT NULL,
    -- Tenths of a point: what it should gain, and what the indicator had earned.
    gain_low BIGINT NOT NULL,
    gain_high BIGINT NOT NULL,
    before_low BIGINT NOT NULL,
    before_high BIGINT NOT NULL,
    given_by BIGINT REFERENCES user_account (id),
    given_at BIGINT NOT NULL,
    done_at BIGINT,
    done_by BIGINT REFERENCES user_account (id),
    dropped_at BIGINT
);
CREATE INDEX score_task_unit ON score_task (scheme, unit_id, due_on, id);
CREATE INDEX score_task_owner ON score_task (owner_id, due_on, id);
CREATE UNIQUE INDEX score_task_open ON score_task (scheme, unit_id, action) WHERE done_at IS NULL AND dropped_at IS NULL;
