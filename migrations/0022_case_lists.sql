-- Lists of cases: what numbers count, each time that it happened; what is still open by when it came; filters that people keep.

-- What happens to a case more than once, and what a column forgets when a case is opened again. The other happenings that
-- numbers count are columns of the case.
CREATE TABLE case_mark (
    mark TEXT NOT NULL CHECK (mark IN ('reopened', 'resolved_first', 'resolved_again', 'closed', 'proposed', 'declined', 'met',
        'missed')),
    -- The store for which it counts; a case that goes to another store later leaves its past where it was.
    mark_store BIGINT NOT NULL REFERENCES org_unit (id),
    mark_at BIGINT NOT NULL,
    mark_id BIGINT NOT NULL,
    mark_case BIGINT NOT NULL REFERENCES service_case (id),
    -- Of a deadline: which; else empty.
    mark_stage TEXT NOT NULL,
    PRIMARY KEY (mark, mark_store, mark_at, mark_id)
);
CREATE INDEX case_mark_newest ON case_mark (mark, mark_at, mark_id);
INSERT INTO case_mark (mark, mark_store, mark_at, mark_id, mark_case, mark_stage)
    SELECT 'proposed', service_case.store_id, case_plan.proposed_at, case_plan.id, service_case.id, ''
    FROM case_plan JOIN service_case ON service_case.id = case_plan.case_id;
INSERT INTO case_mark (mark, mark_store, mark_at, mark_id, mark_case, mark_stage)
    SELECT 'declined', service_case.store_id, case_plan.decided_at, case_plan.id, service_case.id, ''
    FROM case_plan JOIN service_case ON service_case.id = case_plan.case_id
    WHERE case_plan.state = 'declined' AND case_plan.decided_at IS NOT NULL;
INSERT INTO case_mark (mark, mark_store, mark_at, mark_id, mark_case, mark_stage)
    SELECT CASE WHEN clock.outcome = 'met' THEN 'met' ELSE 'missed' END, clock.store_id,
        COALESCE(clock.stopped_at, clock.breached_at), clock.id, clock.record_id, clock.stage
    FROM clock JOIN service_case ON service_case.id = clock.record_id
    WHERE clock.record_kind = 'case' AND clock.stage NOT IN ('customer_answer', 'confirm')
        AND (clock.outcome IN ('met', 'late') OR clock.breached_at IS NOT NULL);

CREATE INDEX service_case_live_came ON service_case (happened_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX service_case_live_came_store ON service_case (store_id, happened_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX service_case_accepted ON service_case (store_id, accepted_at, id) WHERE accepted_at IS NOT NULL;
CREATE INDEX service_case_answered ON service_case (store_id, first_answered_at, id) WHERE first_answered_at IS NOT NULL;
CREATE INDEX service_case_resolved ON service_case (store_id, resolved_at, id) WHERE resolved_at IS NOT NULL;
CREATE INDEX service_case_closed ON service_case (store_id, closed_at, id) WHERE closed_at IS NOT NULL;

-- A filter that somebody keeps under a name: the part of the list's address after the question mark.
CREATE TABLE saved_list (
    id {PK},
    user_id BIGINT NOT NULL REFERENCES user_account (id),
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (user_id, name)
);
