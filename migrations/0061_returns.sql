-- Returns and exchanges (退换货): what was sold comes back; three tracks that do not wait for each other: goods in, goods out, money.

CREATE TABLE product_return (
    id {PK},
    number TEXT NOT NULL UNIQUE,
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    sale_id BIGINT NOT NULL REFERENCES sale (id),
    customer_id BIGINT REFERENCES customer (id),
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    team_id BIGINT REFERENCES org_unit (id),
    owner_id BIGINT REFERENCES user_account (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'completed', 'refused', 'cancelled')),
    way TEXT NOT NULL CHECK (way IN ('refund', 'exchange')),
    reason TEXT NOT NULL,
    -- Seen at the counter or proved by repairs: money does not wait for an inspection.
    obvious BOOLEAN NOT NULL,
    -- Who gets the money and how it was paid, as of the sale; never typed.
    payee TEXT NOT NULL,
    paid_how TEXT NOT NULL,
    -- The rules that it was judged by.
    rules TEXT NOT NULL,
    digest TEXT NOT NULL,
    judged_on TEXT NOT NULL,
    -- What the shop's other programs made of it.
    red_invoice TEXT,
    stock_receipt TEXT,
    end_note TEXT,
    -- Refused goods go back at this cost.
    back_cost BIGINT NOT NULL CHECK (back_cost >= 0),
    opened_by BIGINT REFERENCES user_account (id),
    opened_at BIGINT NOT NULL,
    ended_at BIGINT,
    version BIGINT NOT NULL,
    CHECK ((state = 'open') = (ended_at IS NULL))
);
CREATE INDEX product_return_case ON product_return (case_id, id);
CREATE INDEX product_return_sale ON product_return (sale_id, id);
CREATE INDEX product_return_state ON product_return (state, id);
CREATE INDEX product_return_store ON product_return (store_id, id);
CREATE INDEX product_return_store_state ON product_return (store_id, state, id);
CREATE INDEX product_return_owner ON product_return (owner_id, state, id) WHERE owner_id IS NOT NULL;

CREATE TABLE return_line (
    id {PK},
    return_id BIGINT NOT NULL REFERENCES product_return (id),
    seq BIGINT NOT NULL,
    -- The line of the sale that it comes from.
    sale_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    product_id BIGINT NOT NULL REFERENCES product (id),
    name TEXT NOT NULL,
    unit_id BIGINT REFERENCES serial_unit (id),
    serial TEXT,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    -- What was paid for one.
    price_fen BIGINT NOT NULL CHECK (price_fen >= 0),
    -- What the rules said, whole, so that it can be judged again by the same facts.
    facts TEXT NOT NULL,
    verdict TEXT NOT NULL,
    remedy TEXT,
    -- Of the whole line: what the law gives back, and what it lets us keep.
    statutory_fen BIGINT NOT NULL CHECK (statutory_fen >= 0),
    fee_fen BIGINT NOT NULL CHECK (fee_fen >= 0),
    goods_in TEXT NOT NULL CHECK (goods_in IN ('not_needed', 'expected', 'received', 'inspected', 'graded', 'sent_back')),
    finding TEXT CHECK (finding IN ('ok', 'differs', 'damaged', 'missing')),
    -- What was looked at and held good, words between blanks.
    checks TEXT NOT NULL,
    finding_note TEXT,
    inspected_by BIGINT REFERENCES user_account (id),
    inspected_at BIGINT,
    grade TEXT CHECK (grade IN ('to_maker', 'display', 'discount', 'scrap')),
    goods_out TEXT NOT NULL CHECK (goods_out IN ('not_needed', 'reserved', 'sent', 'delivered')),
    out_serial TEXT,
    -- False once the return is refused or cancelled: then it may come back again.
    live BOOLEAN NOT NULL,
    CHECK (unit_id IS NULL OR quantity = 1),
    UNIQUE (return_id, seq)
);
CREATE UNIQUE INDEX return_line_unit ON return_line (sale_id, unit_id) WHERE live AND unit_id IS NOT NULL;
CREATE INDEX return_line_sale ON return_line (sale_id, position) WHERE live;

-- Money, each part for itself: what the law gives, what comes on top of it, and an exchange that goes beyond the law.
CREATE TABLE return_payment (
    id {PK},
    return_id BIGINT NOT NULL REFERENCES product_return (id),
    part TEXT NOT NULL CHECK (part IN ('law', 'extra', 'grant')),
    amount_fen BIGINT NOT NULL CHECK (amount_fen > 0),
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('asked', 'declined', 'due', 'confirmed', 'paid', 'reconciled', 'void')),
    approval_id BIGINT REFERENCES approval (id),
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    -- The month whose budget bears it; of the law's part none.
    month TEXT,
    confirmed_by BIGINT REFERENCES user_account (id),
    confirmed_at BIGINT,
    pos_ref TEXT,
    paid_by BIGINT REFERENCES user_account (id),
    paid_at BIGINT,
    paid_day TEXT,
    UNIQUE (return_id, part),
    UNIQUE (store_id, pos_ref),
    CHECK ((state IN ('paid', 'reconciled')) = (pos_ref IS NOT NULL)),
    CHECK ((month IS NULL) = (part = 'law'))
);
CREATE INDEX return_payment_approval ON return_payment (approval_id) WHERE approval_id IS NOT NULL;
CREATE INDEX return_payment_budget ON return_payment (store_id, month) WHERE month IS NOT NULL;
CREATE INDEX return_payment_open ON return_payment (confirmed_at, id) WHERE state = 'confirmed';
CREATE INDEX return_payment_paid ON return_payment (paid_at, id) WHERE state = 'paid';

-- How much goodwill a store may give in a month.
CREATE TABLE goodwill_budget (
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    month TEXT NOT NULL,
    amount_fen BIGINT NOT NULL CHECK (amount_fen >= 0),
    version BIGINT NOT NULL,
    PRIMARY KEY (store_id, month)
);

-- Refunds as the shop's own POS reports them, day by day.
CREATE TABLE pos_refund (
    id {PK},
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    ref TEXT NOT NULL,
    amount_fen BIGINT NOT NULL CHECK (amount_fen > 0),
    day TEXT NOT NULL,
    entered_at BIGINT NOT NULL,
    UNIQUE (store_id, ref)
);
CREATE INDEX pos_refund_day ON pos_refund (store_id, day, id);

-- Double entry: every entry is posted once and its lines add up to nothing; debits are positive.
CREATE TABLE ledger_entry (
    id {PK},
    entry_key TEXT NOT NULL UNIQUE,
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    return_id BIGINT NOT NULL REFERENCES product_return (id),
    what TEXT NOT NULL,
    posted_at BIGINT NOT NULL
);
CREATE INDEX ledger_entry_return ON ledger_entry (return_id, id);
CREATE TABLE ledger_line (
    entry_id BIGINT NOT NULL REFERENCES ledger_entry (id),
    position BIGINT NOT NULL,
    account TEXT NOT NULL CHECK (account IN ('refund_law', 'refund_extra', 'customer', 'pos')),
    amount_fen BIGINT NOT NULL CHECK (amount_fen <> 0),
    PRIMARY KEY (entry_id, position)
);
