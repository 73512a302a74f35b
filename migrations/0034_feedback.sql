-- What customers say (反馈): which category and which feeling, what the program suggests and what a person decided.

-- One for each case of the kinds feedback and complaint. What the customer said stays in service_case.
CREATE TABLE feedback_item (
    case_id {PK},
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    team_id BIGINT REFERENCES org_unit (id),
    owner_id BIGINT REFERENCES user_account (id),
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    -- Of the letters of the text; copies share it. NULL when the text is too short to be a copy of anything.
    digest BIGINT,
    -- What the program suggests, as JSON, with the version of the model; may be made anew until a person has decided.
    suggested_at BIGINT,
    suggestions TEXT,
    -- What a person decided.
    category TEXT,
    sentiment TEXT CHECK (sentiment IN ('positive', 'neutral', 'negative')),
    urgent BOOLEAN NOT NULL,
    spam BOOLEAN NOT NULL,
    -- Whether the first decision took the suggested category; NULL when none was suggested.
    agreed BOOLEAN,
    labelled_at BIGINT,
    labelled_by BIGINT REFERENCES user_account (id),
    version BIGINT NOT NULL,
    FOREIGN KEY (case_id) REFERENCES service_case (id),
    CHECK ((labelled_at IS NULL) = (sentiment IS NULL)),
    CHECK ((suggested_at IS NULL) OR (suggestions IS NOT NULL)),
    CHECK (labelled_at IS NULL OR spam OR category IS NOT NULL)
);
CREATE INDEX feedback_item_open ON feedback_item (received_at, case_id) WHERE labelled_at IS NULL;
CREATE INDEX feedback_item_open_store ON feedback_item (store_id, received_at, case_id) WHERE labelled_at IS NULL;
CREATE INDEX feedback_item_labelled ON feedback_item (labelled_at, case_id) WHERE labelled_at IS NOT NULL;
CREATE INDEX feedback_item_labelled_store ON feedback_item (store_id, labelled_at, case_id) WHERE labelled_at IS NOT NULL;
CREATE INDEX feedback_item_unread ON feedback_item (case_id) WHERE suggested_at IS NULL AND labelled_at IS NULL;
CREATE INDEX feedback_item_copy ON feedback_item (store_id, digest, received_at) WHERE digest IS NOT NULL;

-- The categories that are chosen from; what a person writes anew is added.
CREATE TABLE feedback_category (
    code TEXT PRIMARY KEY,
    position BIGINT NOT NULL
);
INSERT INTO feedback_category (code, position) VALUES ('quality', 1), ('delivery', 2), ('installation', 3), ('repair', 4),
    ('attitude', 5), ('price', 6), ('refund', 7), ('environment', 8), ('suggestion', 9), ('praise', 10), ('other', 1000000);

-- What was learned from decided texts; the newest is used.
CREATE TABLE feedback_model (
    version {PK},
    trained_at BIGINT NOT NULL,
    texts BIGINT NOT NULL,
    categories BIGINT NOT NULL,
    -- In the format of the classifier; NULL when the texts did not suffice.
    category BYTEA,
    sentiment BYTEA
);
