-- Call-backs are drawn from closed cases, from complaints or from customers by what they bought, who need have no case.

ALTER TABLE callback_campaign ADD COLUMN pool TEXT NOT NULL DEFAULT 'cases' CHECK (pool IN ('cases', 'complaints', 'customers'));
-- Of complaints: levels and causes, separated by commas.
ALTER TABLE callback_campaign ADD COLUMN severities TEXT NOT NULL DEFAULT '';
ALTER TABLE callback_campaign ADD COLUMN causes TEXT NOT NULL DEFAULT '';
-- Of customers: nothing was heard of them for so many days.
ALTER TABLE callback_campaign ADD COLUMN silent_days BIGINT;
-- Customers who would have fitted when the list was full.
ALTER TABLE callback_campaign ADD COLUMN beyond BIGINT NOT NULL DEFAULT 0;

-- Lists are drawn one after another, so that no two of them draw the same customer.
CREATE TABLE callback_turn (
    id {PK},
    drawn BIGINT NOT NULL
);
INSERT INTO callback_turn (id, drawn) VALUES (1, 0);

-- A customer stands on a list because of a case or because of a sale; a case was a must before.
CREATE TABLE callback_person (
    id {PK},
    campaign_id BIGINT NOT NULL REFERENCES callback_campaign (id),
    case_id BIGINT REFERENCES service_case (id),
    sale_id BIGINT REFERENCES sale (id),
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    customer_id BIGINT NOT NULL REFERENCES customer (id),
    -- Copies, so that a list reads one table.
    name TEXT NOT NULL,
    phone_masked TEXT NOT NULL,
    -- The number of the case or of the receipt.
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
    UNIQUE (campaign_id, customer_id),
    CHECK (case_id IS NOT NULL OR sale_id IS NOT NULL)
);
INSERT INTO callback_person (id, campaign_id, case_id, store_id, customer_id, name, phone_masked, number, subject, state, joined, tries,
    next_at, last_at, score, follow, follow_case_id, version)
SELECT id, campaign_id, case_id, store_id, customer_id, name, phone_masked, number, subject, state, joined, tries,
    next_at, last_at, score, follow, follow_case_id, version FROM callback_contact;
CREATE TABLE callback_call (
    id {PK},
    contact_id BIGINT NOT NULL REFERENCES callback_person (id),
    at BIGINT NOT NULL,
    by_id BIGINT REFERENCES user_account (id),
    result TEXT NOT NULL CHECK (result IN ('reached', 'not_reached', 'refused', 'wrong_number')),
    score BIGINT,
    note TEXT,
    next_at BIGINT
);
INSERT INTO callback_call (id, contact_id, at, by_id, result, score, note, next_at)
SELECT id, contact_id, at, by_id, result, score, note, next_at FROM callback_attempt;
DROP TABLE callback_attempt;
DROP TABLE callback_contact;
CREATE INDEX callback_person_next ON callback_person (campaign_id, state, next_at, id);
CREATE INDEX callback_person_list ON callback_person (campaign_id, id);
CREATE INDEX callback_person_customer ON callback_person (customer_id, last_at);
CREATE INDEX callback_person_case ON callback_person (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX callback_call_person ON callback_call (contact_id, id);
