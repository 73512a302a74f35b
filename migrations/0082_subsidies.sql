-- State subsidies (国补): programmes by region and batch as data, what a sale used of them, and what a return owes.

CREATE TABLE subsidy_programme (
    id {PK},
    name TEXT NOT NULL,
    region TEXT NOT NULL,
    batch TEXT NOT NULL,
    -- For sales from this day to that one.
    from_day TEXT NOT NULL,
    to_day TEXT,
    -- Codes of product groups between blanks; empty is all.
    goods TEXT NOT NULL,
    -- Of the price, and at most so much for one piece.
    rate_bp BIGINT NOT NULL CHECK (rate_bp BETWEEN 0 AND 10000),
    cap_fen BIGINT NOT NULL CHECK (cap_fen >= 0),
    on_refund TEXT NOT NULL CHECK (on_refund IN ('repay', 'report', 'keep')),
    on_exchange TEXT NOT NULL CHECK (on_exchange IN ('repay', 'report', 'keep')),
    -- The customer's quota of this batch is gone after a refund.
    forfeits BOOLEAN NOT NULL,
    -- Days in which it is done.
    days BIGINT NOT NULL CHECK (days BETWEEN 1 AND 365),
    -- Where it goes, and where it is written.
    account TEXT NOT NULL,
    source TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    UNIQUE (region, batch, name)
);

CREATE TABLE sale_subsidy (
    id {PK},
    sale_id BIGINT NOT NULL REFERENCES sale (id),
    unit_id BIGINT NOT NULL REFERENCES serial_unit (id),
    programme_id BIGINT NOT NULL REFERENCES subsidy_programme (id),
    amount_fen BIGINT NOT NULL CHECK (amount_fen > 0),
    -- The number under which the quota was used.
    quota TEXT NOT NULL,
    -- What was traded in.
    old_unit TEXT,
    noted_by BIGINT REFERENCES user_account (id),
    noted_at BIGINT NOT NULL,
    UNIQUE (unit_id)
);
CREATE INDEX sale_subsidy_programme ON sale_subsidy (programme_id, id);

-- A task for finance: repaid or reported once for a line.
CREATE TABLE return_subsidy (
    id {PK},
    return_id BIGINT NOT NULL REFERENCES product_return (id),
    line_seq BIGINT NOT NULL,
    subsidy_id BIGINT NOT NULL REFERENCES sale_subsidy (id),
    what TEXT NOT NULL CHECK (what IN ('repay', 'report')),
    amount_fen BIGINT NOT NULL CHECK (amount_fen >= 0),
    account TEXT NOT NULL,
    due_on TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'void')),
    reference TEXT,
    done_by BIGINT REFERENCES user_account (id),
    done_at BIGINT,
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    UNIQUE (return_id, line_seq),
    CHECK ((state = 'done') = (reference IS NOT NULL))
);
CREATE INDEX return_subsidy_open ON return_subsidy (due_on, id) WHERE state = 'open';
