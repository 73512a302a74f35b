-- Claims on makers and suppliers (向厂家索赔): what a returned or repaired unit cost us is claimed from its maker, before the maker's cut-off day.

-- What each maker allows: so many days after one of four days, and how long before that we are told.
CREATE TABLE claim_term (
    id {PK},
    maker TEXT NOT NULL UNIQUE,
    days BIGINT NOT NULL CHECK (days BETWEEN 1 AND 3650),
    after_what TEXT NOT NULL CHECK (after_what IN ('bought', 'claimed', 'inspected', 'refunded')),
    warn_days BIGINT NOT NULL CHECK (warn_days BETWEEN 0 AND 3650),
    contact TEXT,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE claim_number (
    day TEXT PRIMARY KEY,
    last BIGINT NOT NULL
);

CREATE TABLE claim (
    id {PK},
    number TEXT NOT NULL UNIQUE,
    maker TEXT NOT NULL,
    ground TEXT NOT NULL CHECK (ground IN ('refund', 'exchange', 'repair')),
    case_id BIGINT REFERENCES service_case (id),
    return_id BIGINT REFERENCES product_return (id),
    line_id BIGINT REFERENCES return_line (id),
    repair_id BIGINT REFERENCES unit_repair (id),
    product_id BIGINT NOT NULL REFERENCES product (id),
    unit_id BIGINT REFERENCES serial_unit (id),
    goods TEXT NOT NULL,
    serial TEXT,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    team_id BIGINT REFERENCES org_unit (id),
    owner_id BIGINT REFERENCES user_account (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'sent', 'accepted', 'refused', 'credited', 'written_off', 'withdrawn')),
    reason TEXT NOT NULL,
    -- What is claimed, of it credited and written off; what is left of a sent claim is receivable.
    claimed_fen BIGINT NOT NULL CHECK (claimed_fen > 0),
    accepted_fen BIGINT CHECK (accepted_fen > 0),
    credited_fen BIGINT NOT NULL CHECK (credited_fen >= 0),
    written_fen BIGINT NOT NULL CHECK (written_fen >= 0),
    -- The days from which makers count.
    bought_on TEXT,
    claimed_on TEXT,
    inspected_on TEXT,
    refunded_on TEXT,
    -- The last day for sending it, the day on which somebody is told, and that they were.
    due_on TEXT,
    warn_on TEXT,
    warned_on TEXT,
    missed_on TEXT,
    sent_on TEXT,
    last_on TEXT NOT NULL,
    opened_by BIGINT REFERENCES user_account (id),
    opened_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- False once it is withdrawn: then the same may be claimed again.
    live BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    CHECK (credited_fen + written_fen <= claimed_fen),
    CHECK (accepted_fen IS NULL OR accepted_fen <= claimed_fen),
    CHECK ((line_id IS NULL) <> (repair_id IS NULL)),
    CHECK ((line_id IS NULL) = (return_id IS NULL))
);
CREATE UNIQUE INDEX claim_line_once ON claim (line_id) WHERE live AND line_id IS NOT NULL;
CREATE UNIQUE INDEX claim_repair_once ON claim (repair_id) WHERE live AND repair_id IS NOT NULL;
CREATE INDEX claim_state ON claim (state, id);
CREATE INDEX claim_store ON claim (store_id, id);
CREATE INDEX claim_store_state ON claim (store_id, state, id);
CREATE INDEX claim_maker ON claim (maker, state, id);
CREATE INDEX claim_return ON claim (return_id, id) WHERE return_id IS NOT NULL;
CREATE INDEX claim_unit ON claim (unit_id, id) WHERE unit_id IS NOT NULL;
CREATE INDEX claim_due ON claim (due_on, id) WHERE state = 'open' AND due_on IS NOT NULL;
CREATE INDEX claim_receivable ON claim (sent_on, id) WHERE state IN ('sent', 'accepted', 'refused');

-- Each step with its day, who took it, the maker's or our reference, and why.
CREATE TABLE claim_step (
    claim_id BIGINT NOT NULL REFERENCES claim (id),
    seq BIGINT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('open', 'send', 'accept', 'refuse', 'credit', 'write_off', 'withdraw')),
    day TEXT NOT NULL,
    reference TEXT,
    reason TEXT,
    amount_fen BIGINT NOT NULL CHECK (amount_fen >= 0),
    by_id BIGINT REFERENCES user_account (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (claim_id, seq)
);

-- Double entry: every entry is posted once and its lines add up to nothing; debits are positive.
CREATE TABLE claim_entry (
    id {PK},
    entry_key TEXT NOT NULL UNIQUE,
    claim_id BIGINT NOT NULL REFERENCES claim (id),
    what TEXT NOT NULL,
    posted_at BIGINT NOT NULL
);
CREATE INDEX claim_entry_claim ON claim_entry (claim_id, id);
CREATE TABLE claim_posting (
    entry_id BIGINT NOT NULL REFERENCES claim_entry (id),
    position BIGINT NOT NULL,
    account TEXT NOT NULL CHECK (account IN ('receivable', 'recovery', 'credited', 'written_off')),
    amount_fen BIGINT NOT NULL CHECK (amount_fen <> 0),
    PRIMARY KEY (entry_id, position)
);
