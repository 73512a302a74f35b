-- What we collect ourselves (主动收集): complaints taken over from elsewhere, and what was heard and seen in stores.

-- A complaint that came from elsewhere; each outside number once per source.
CREATE TABLE collected (
    source TEXT NOT NULL CHECK (source IN ('regulator', 'jd', 'tmall', 'douyin', 'pdd', 'meituan', 'review', 'other')),
    outside_no TEXT NOT NULL,
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    -- When the customer complained there, and when it was taken over.
    happened_at BIGINT NOT NULL,
    taken_at BIGINT NOT NULL,
    taken_by BIGINT REFERENCES user_account (id),
    PRIMARY KEY (source, outside_no)
);
CREATE INDEX collected_case ON collected (case_id);
CREATE INDEX collected_store ON collected (store_id, taken_at, case_id);
CREATE INDEX collected_taken ON collected (taken_at, case_id);

-- What a customer said or what was seen in a store on a patrol (巡店).
CREATE TABLE patrol_entry (
    id {PK},
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    category TEXT NOT NULL CHECK (category IN ('voice', 'service', 'display', 'safety', 'facility', 'other')),
    body TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    entered_at BIGINT NOT NULL,
    entered_by BIGINT REFERENCES user_account (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'case')),
    -- What was done about it on the spot or later.
    outcome TEXT,
    case_id BIGINT REFERENCES service_case (id),
    ended_at BIGINT,
    ended_by BIGINT REFERENCES user_account (id),
    version BIGINT NOT NULL,
    CHECK ((state = 'case') = (case_id IS NOT NULL))
);
CREATE INDEX patrol_entry_id ON patrol_entry (state, id);
CREATE INDEX patrol_entry_store ON patrol_entry (store_id, id);
