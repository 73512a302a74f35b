-- The flow of a case whole: tasks to departments, checks whether it held, links between cases, acts that can be taken back.

-- A task to a department, a store or a person (协同任务). store_id, unit_id and assignee_id say where it is worked on;
-- case_store_id is the store that asked.
CREATE TABLE case_task (
    id {PK},
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    case_store_id BIGINT NOT NULL REFERENCES org_unit (id),
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    unit_id BIGINT REFERENCES org_unit (id),
    assignee_id BIGINT REFERENCES user_account (id),
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'done', 'returned', 'withdrawn')),
    -- What came of it: the answer, or why it was returned or withdrawn.
    answer TEXT,
    given_by BIGINT REFERENCES user_account (id),
    given_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    soon_at BIGINT NOT NULL,
    accepted_at BIGINT,
    ended_at BIGINT,
    ended_by BIGINT REFERENCES user_account (id),
    version BIGINT NOT NULL,
    CHECK (unit_id IS NOT NULL OR assignee_id IS NOT NULL),
    CHECK ((state IN ('done', 'returned', 'withdrawn')) = (ended_at IS NOT NULL))
);
CREATE INDEX case_task_case ON case_task (case_id, id);
CREATE INDEX case_task_assignee ON case_task (assignee_id, due_at, id) WHERE ended_at IS NULL;
CREATE INDEX case_task_unit ON case_task (unit_id, due_at, id) WHERE ended_at IS NULL;
CREATE INDEX case_task_giver ON case_task (given_by, due_at, id) WHERE ended_at IS NULL;
CREATE INDEX case_task_live ON case_task (due_at, id) WHERE ended_at IS NULL;
CREATE INDEX case_task_ended ON case_task (ended_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX case_task_case_store ON case_task (case_store_id, due_at, id) WHERE ended_at IS NULL;
CREATE INDEX case_task_store ON case_task (store_id, due_at, id) WHERE ended_at IS NULL;

-- Whether it held (有效性回查): noted when a case is resolved, planned when it is closed, done by another person.
CREATE TABLE case_check (
    id {PK},
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    state TEXT NOT NULL CHECK (state IN ('noted', 'planned', 'done', 'dropped')),
    -- Who solved it, and so does not check it.
    solver_id BIGINT REFERENCES user_account (id),
    planned_on TEXT,
    result TEXT CHECK (result IN ('worked', 'partly', 'failed')),
    note TEXT,
    checked_by BIGINT REFERENCES user_account (id),
    checked_at BIGINT,
    -- The case in which a failed one goes on.
    follow_up_id BIGINT REFERENCES service_case (id),
    CHECK ((state = 'done') = (result IS NOT NULL)),
    CHECK (state <> 'planned' OR planned_on IS NOT NULL)
);
CREATE UNIQUE INDEX case_check_one ON case_check (case_id) WHERE state IN ('noted', 'planned');
CREATE INDEX case_check_case ON case_check (case_id, id);
CREATE INDEX case_check_due ON case_check (store_id, planned_on, id) WHERE state = 'planned';
CREATE INDEX case_check_day ON case_check (planned_on, id) WHERE state = 'planned';

-- What cases have to do with each other; read in both directions.
CREATE TABLE case_link (
    id {PK},
    from_case BIGINT NOT NULL REFERENCES service_case (id),
    to_case BIGINT NOT NULL REFERENCES service_case (id),
    -- from_case is the follow-up of, a duplicate of, caused by, related to, merged into to_case.
    kind TEXT NOT NULL CHECK (kind IN ('follow_up', 'duplicate', 'caused_by', 'related', 'merged')),
    made_at BIGINT NOT NULL,
    made_by BIGINT REFERENCES user_account (id),
    CHECK (from_case <> to_case)
);
CREATE UNIQUE INDEX case_link_once ON case_link (from_case, to_case, kind);
CREATE INDEX case_link_to ON case_link (to_case);

-- The last acts of people, with what is needed to take them back.
CREATE TABLE case_act (
    id {PK},
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    command TEXT NOT NULL,
    -- The case's version after the act: it can be taken back while that is the present one.
    version BIGINT NOT NULL,
    by_id BIGINT NOT NULL REFERENCES user_account (id),
    at BIGINT NOT NULL,
    -- The case before, as JSON.
    before TEXT NOT NULL,
    -- The clocks that it touched, with the lengths of their ledgers before and after: id:0:1,id:1:2
    clocks TEXT NOT NULL,
    -- What was counted: part n;part n
    counted TEXT NOT NULL,
    taken_back_at BIGINT,
    UNIQUE (case_id, version)
);

-- Clocks of acts that were taken back: they are in the ledger, and count for nothing.
CREATE TABLE case_void_clock (
    clock_id BIGINT NOT NULL PRIMARY KEY,
    case_id BIGINT NOT NULL REFERENCES service_case (id)
);
CREATE INDEX case_void_clock_case ON case_void_clock (case_id);

-- Missed deadlines of which the region is told when they are still open by then.
CREATE TABLE case_late (
    clock_id BIGINT NOT NULL PRIMARY KEY,
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    tell_at BIGINT,
    told_at BIGINT
);
CREATE INDEX case_late_tell ON case_late (tell_at, clock_id) WHERE tell_at IS NOT NULL;
