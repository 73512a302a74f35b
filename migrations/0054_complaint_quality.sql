-- Who does what for complaints of a topic (责任矩阵), and how well handled ones were handled (质检).

-- The newest version of a topic counts. Versions are never changed.
CREATE TABLE complaint_matrix (
    topic TEXT NOT NULL,
    version BIGINT NOT NULL,
    reason TEXT NOT NULL,
    changed_by BIGINT REFERENCES user_account (id),
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (topic, version)
);
CREATE TABLE complaint_matrix_line (
    topic TEXT NOT NULL,
    version BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    part TEXT NOT NULL CHECK (part IN ('responsible', 'accountable', 'consulted', 'informed')),
    -- A role where the complaint stands, or a department or store.
    role TEXT,
    unit_id BIGINT REFERENCES org_unit (id),
    CHECK ((role IS NULL) <> (unit_id IS NULL)),
    PRIMARY KEY (topic, version, seq)
);
INSERT INTO complaint_matrix (topic, version, reason, changed_at) VALUES
    ('safety', 1, '', 0), ('quality', 1, '', 0), ('installation', 1, '', 0), ('repair', 1, '', 0), ('delivery', 1, '', 0),
    ('refund', 1, '', 0), ('attitude', 1, '', 0), ('fees', 1, '', 0), ('promise', 1, '', 0), ('privacy', 1, '', 0), ('other', 1, '', 0);
INSERT INTO complaint_matrix_line (topic, version, seq, part, role) VALUES
    ('safety', 1, 1, 'responsible', 'store_manager'), ('safety', 1, 2, 'accountable', 'region_manager'),
    ('safety', 1, 3, 'consulted', 'technician'), ('safety', 1, 4, 'informed', 'headquarters_quality'),
    ('quality', 1, 1, 'responsible', 'clerk'), ('quality', 1, 2, 'accountable', 'store_manager'),
    ('quality', 1, 3, 'consulted', 'technician'), ('quality', 1, 4, 'informed', 'headquarters_quality'),
    ('installation', 1, 1, 'responsible', 'clerk'), ('installation', 1, 2, 'accountable', 'store_manager'),
    ('installation', 1, 3, 'consulted', 'technician'), ('installation', 1, 4, 'informed', 'region_manager'),
    ('repair', 1, 1, 'responsible', 'clerk'), ('repair', 1, 2, 'accountable', 'store_manager'),
    ('repair', 1, 3, 'consulted', 'technician'), ('repair', 1, 4, 'informed', 'region_manager'),
    ('delivery', 1, 1, 'responsible', 'clerk'), ('delivery', 1, 2, 'accountable', 'store_manager'),
    ('delivery', 1, 3, 'informed', 'region_manager'),
    ('refund', 1, 1, 'responsible', 'clerk'), ('refund', 1, 2, 'accountable', 'store_manager'),
    ('refund', 1, 3, 'consulted', 'finance'), ('refund', 1, 4, 'informed', 'region_manager'),
    ('attitude', 1, 1, 'responsible', 'store_manager'), ('attitude', 1, 2, 'accountable', 'region_manager'),
    ('attitude', 1, 3, 'informed', 'headquarters_quality'),
    ('fees', 1, 1, 'responsible', 'clerk'), ('fees', 1, 2, 'accountable', 'store_manager'),
    ('fees', 1, 3, 'consulted', 'finance'), ('fees', 1, 4, 'informed', 'region_manager'),
    ('promise', 1, 1, 'responsible', 'clerk'), ('promise', 1, 2, 'accountable', 'store_manager'),
    ('promise', 1, 3, 'informed', 'headquarters_quality'),
    ('privacy', 1, 1, 'responsible', 'store_manager'), ('privacy', 1, 2, 'accountable', 'headquarters_quality'),
    ('privacy', 1, 3, 'informed', 'region_manager'),
    ('other', 1, 1, 'responsible', 'clerk'), ('other', 1, 2, 'accountable', 'store_manager'),
    ('other', 1, 3, 'informed', 'region_manager');

-- By what a handled complaint is marked; the newest version counts.
CREATE TABLE review_sheet (
    version BIGINT NOT NULL PRIMARY KEY,
    reason TEXT NOT NULL,
    changed_by BIGINT REFERENCES user_account (id),
    changed_at BIGINT NOT NULL
);
CREATE TABLE review_criterion (
    version BIGINT NOT NULL REFERENCES review_sheet (version),
    seq BIGINT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    weight BIGINT NOT NULL CHECK (weight BETWEEN 1 AND 100),
    PRIMARY KEY (version, seq)
);
INSERT INTO review_sheet (version, reason, changed_at) VALUES (1, '', 0);
INSERT INTO review_criterion (version, seq, name_zh, name_en, weight) VALUES
    (1, 1, '首次答复及时，答应的时间都做到', 'First answer in time, every promised time kept', 20),
    (1, 2, '事实查清，证据齐全，写得明白', 'Facts found out, evidence complete, clearly written', 25),
    (1, 3, '沟通得体：先听、复述、不推诿', 'Manner: listened, said it back, passed nothing off', 20),
    (1, 4, '方案合法合理，逐项兑现', 'Offer lawful and fair, carried out line by line', 20),
    (1, 5, '原因判定准确，改进有去处', 'Cause judged rightly, and it led to improvement', 15);

-- A sample: from what, how many, by which seed. Who knows these draws the same.
CREATE TABLE review_round (
    id {PK},
    from_at BIGINT NOT NULL,
    before_at BIGINT NOT NULL,
    store_id BIGINT REFERENCES org_unit (id),
    population BIGINT NOT NULL,
    size BIGINT NOT NULL CHECK (size > 0),
    seed BIGINT NOT NULL,
    sheet_version BIGINT NOT NULL REFERENCES review_sheet (version),
    drawn_by BIGINT REFERENCES user_account (id),
    drawn_at BIGINT NOT NULL
);
CREATE TABLE complaint_review (
    id {PK},
    round_id BIGINT NOT NULL REFERENCES review_round (id),
    case_id BIGINT NOT NULL UNIQUE REFERENCES complaint (case_id),
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    handler_id BIGINT NOT NULL REFERENCES user_account (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'scored', 'answered')),
    -- Basis points of what could be reached.
    score BIGINT CHECK (score BETWEEN 0 AND 10000),
    comment TEXT,
    scored_by BIGINT REFERENCES user_account (id),
    scored_at BIGINT,
    answer TEXT,
    answered_at BIGINT,
    version BIGINT NOT NULL,
    CHECK ((state = 'open') = (score IS NULL))
);
CREATE INDEX complaint_review_state ON complaint_review (state, id);
CREATE INDEX complaint_review_store ON complaint_review (store_id, id);
CREATE INDEX complaint_review_handler ON complaint_review (handler_id, id);
CREATE INDEX complaint_review_scored ON complaint_review (scored_at, id) WHERE scored_at IS NOT NULL;
CREATE TABLE complaint_review_mark (
    review_id BIGINT NOT NULL REFERENCES complaint_review (id),
    seq BIGINT NOT NULL,
    -- 0 to 5; nothing = does not apply.
    points BIGINT CHECK (points BETWEEN 0 AND 5),
    note TEXT,
    PRIMARY KEY (review_id, seq)
);
