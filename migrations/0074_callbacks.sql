-- Call-back campaigns (回访名单): a list of customers that was drawn once by a filter over closed cases, and what each said.
CREATE TABLE callback_campaign (
    id {PK},
    title TEXT NOT NULL,
    -- Whose campaign it is: a store, a region or the company.
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    owner_id BIGINT NOT NULL REFERENCES user_account (id),
    goal TEXT NOT NULL,
    script TEXT NOT NULL,
    due_on TEXT NOT NULL,
    -- Nobody is called again within so many days.
    quiet_days BIGINT NOT NULL,
    -- The filter as it was: days of closing, stores and kinds separated by commas, words in the product, the highest rating.
    closed_from TEXT NOT NULL,
    closed_to TEXT NOT NULL,
    stores TEXT NOT NULL,
    kinds TEXT NOT NULL,
    product TEXT NOT NULL,
    rating BIGINT,
    -- Customers who rate a case low later join by themselves.
    joins_low BOOLEAN NOT NULL,
    -- Who was left out of the list, and why.
    left_no_phone BIGINT NOT NULL,
    left_refused BIGINT NOT NULL,
    left_recent BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BIGINT REFERENCES user_account (id),
    closed_at BIGINT,
    version BIGINT NOT NULL
);
CREATE INDEX callback_campaign_open ON callback_campaign (created_at, id) WHERE closed_at IS NULL;
CREATE INDEX callback_campaign_all ON callback_campaign (created_at, id);

CREATE TABLE callback_contact (
    id {PK},
    campaign_id BIGINT NOT NULL REFERENCES callback_campaign (id),
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    customer_id BIGINT NOT NULL REFERENCES customer (id),
    -- Copies, so that a list reads one table.
    name TEXT NOT NULL,
    phone_masked TEXT NOT NULL,
    number TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'reached', 'unreached', 'refused')),
    -- It joined later, because of a low rating.
    joined BOOLEAN NOT NULL,
    tries BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    last_at BIGINT,
    score BIGINT CHECK (score BETWEEN 1 AND 5),
    -- The answer was bad and nothing has come of it yet.
    follow BOOLEAN NOT NULL,
    follow_case_id BIGINT REFERENCES service_case (id),
    version BIGINT NOT NULL,
    UNIQUE (campaign_id, customer_id)
);
CREATE INDEX callback_contact_next ON callback_contact (campaign_id, state, next_at, id);
CREATE INDEX callback_contact_customer ON callback_contact (customer_id, last_at);
CREATE INDEX callback_contact_case ON callback_contact (case_id);

CREATE TABLE callback_attempt (
    id {PK},
    contact_id BIGINT NOT NULL REFERENCES callback_contact (id),
    at BIGINT NOT NULL,
    by_id BIGINT REFERENCES user_account (id),
    result TEXT NOT NULL CHECK (result IN ('reached', 'not_reached', 'refused', 'wrong_number')),
    score BIGINT,
    note TEXT,
    next_at BIGINT
);
CREATE INDEX callback_attempt_contact ON callback_attempt (contact_id, id);
