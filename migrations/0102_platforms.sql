-- Shops on platforms (平台店) and the after-sales orders that come from there (平台售后单).

-- Which platforms there are is data: a new one is a row.
CREATE TABLE platform (
    code TEXT PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    position BIGINT NOT NULL
);
INSERT INTO platform (code, name_zh, name_en, position) VALUES ('douyin', '抖音', 'Douyin', 1);
INSERT INTO platform (code, name_zh, name_en, position) VALUES ('jd', '京东', 'JD', 2);
INSERT INTO platform (code, name_zh, name_en, position) VALUES ('tmall', '天猫', 'Tmall', 3);
INSERT INTO platform (code, name_zh, name_en, position) VALUES ('pdd', '拼多多', 'Pinduoduo', 4);
INSERT INTO platform (code, name_zh, name_en, position) VALUES ('kuaishou', '快手', 'Kuaishou', 5);
INSERT INTO platform (code, name_zh, name_en, position) VALUES ('xiaohongshu', '小红书', 'Xiaohongshu', 6);
INSERT INTO platform (code, name_zh, name_en, position) VALUES ('meituan', '美团', 'Meituan', 7);
INSERT INTO platform (code, name_zh, name_en, position) VALUES ('other', '其他平台', 'Other', 99);

-- A shop there, the store that answers for it, and how many hours its platform gives for each step. What nobody entered is not guessed.
CREATE TABLE platform_shop (
    id {PK},
    platform TEXT NOT NULL REFERENCES platform (code),
    name TEXT NOT NULL,
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    answer_hours BIGINT CHECK (answer_hours BETWEEN 1 AND 2160),
    ship_back_hours BIGINT CHECK (ship_back_hours BETWEEN 1 AND 2160),
    refund_hours BIGINT CHECK (refund_hours BETWEEN 1 AND 2160),
    evidence_hours BIGINT CHECK (evidence_hours BETWEEN 1 AND 2160),
    -- Where the hours are written.
    rule_source TEXT,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    UNIQUE (platform, name)
);

-- Terms of the layer "platform" that hold for what this shop sells; terms bound to some shop hold nowhere else.
CREATE TABLE platform_shop_terms (
    shop_id BIGINT NOT NULL REFERENCES platform_shop (id),
    terms_id BIGINT NOT NULL REFERENCES cover_terms (id),
    PRIMARY KEY (shop_id, terms_id)
);
CREATE INDEX platform_shop_terms_terms ON platform_shop_terms (terms_id, shop_id);

-- In which shop a sale was made.
CREATE TABLE sale_shop (
    sale_id BIGINT PRIMARY KEY REFERENCES sale (id),
    shop_id BIGINT NOT NULL REFERENCES platform_shop (id)
);

CREATE TABLE platform_order (
    id {PK},
    platform TEXT NOT NULL REFERENCES platform (code),
    -- The number of the after-sales order there: each once.
    number TEXT NOT NULL,
    shop_id BIGINT NOT NULL REFERENCES platform_shop (id),
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    team_id BIGINT REFERENCES org_unit (id),
    owner_id BIGINT REFERENCES user_account (id),
    kind TEXT NOT NULL CHECK (kind IN ('refund_only', 'return_refund', 'exchange', 'repair')),
    state TEXT NOT NULL CHECK (state IN ('applied', 'returning', 'shipped', 'settling', 'refused', 'intervention', 'completed', 'closed')),
    -- The number of the purchase there.
    bought_number TEXT NOT NULL,
    goods TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    -- What was paid for it, and what is asked back.
    paid_fen BIGINT NOT NULL CHECK (paid_fen >= 0),
    asked_fen BIGINT NOT NULL CHECK (asked_fen >= 0),
    reason TEXT NOT NULL,
    buyer TEXT NOT NULL,
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    sale_id BIGINT REFERENCES sale (id),
    return_id BIGINT REFERENCES product_return (id),
    tracking TEXT,
    -- What the returned parcel weighed, in grams.
    weight_g BIGINT CHECK (weight_g BETWEEN 1 AND 1000000),
    insurance_by TEXT NOT NULL CHECK (insurance_by IN ('none', 'buyer', 'shop', 'platform')),
    insurance_state TEXT NOT NULL CHECK (insurance_state IN ('none', 'insured', 'claimed', 'paid', 'refused')),
    insurance_fen BIGINT NOT NULL CHECK (insurance_fen >= 0),
    applied_at BIGINT NOT NULL,
    -- When its last step happened: no step lies before it.
    last_at BIGINT NOT NULL,
    -- The nearest deadline that runs.
    due_at BIGINT,
    entered_at BIGINT NOT NULL,
    ended_at BIGINT,
    version BIGINT NOT NULL,
    UNIQUE (platform, number),
    CHECK (asked_fen <= paid_fen),
    CHECK ((insurance_by = 'none') = (insurance_state = 'none')),
    CHECK ((insurance_state = 'paid') = (insurance_fen > 0)),
    CHECK ((state IN ('completed', 'closed')) = (ended_at IS NOT NULL))
);
CREATE INDEX platform_order_state ON platform_order (state, id);
CREATE INDEX platform_order_store ON platform_order (store_id, id);
CREATE INDEX platform_order_store_state ON platform_order (store_id, state, id);
CREATE INDEX platform_order_shop ON platform_order (shop_id, id);
CREATE INDEX platform_order_case ON platform_order (case_id, id);
CREATE INDEX platform_order_return ON platform_order (return_id, id) WHERE return_id IS NOT NULL;
CREATE INDEX platform_order_sale ON platform_order (sale_id, id) WHERE sale_id IS NOT NULL;
CREATE INDEX platform_order_due ON platform_order (due_at, id) WHERE due_at IS NOT NULL;

-- What the platform gives for a step: from when, how many hours or until when it says, and what became of it.
CREATE TABLE platform_clock (
    id {PK},
    order_id BIGINT NOT NULL REFERENCES platform_order (id),
    clock TEXT NOT NULL CHECK (clock IN ('answer', 'ship_back', 'refund', 'evidence')),
    from_at BIGINT NOT NULL,
    -- Empty where the platform itself named the moment.
    hours BIGINT CHECK (hours > 0),
    source TEXT,
    due_at BIGINT NOT NULL,
    -- Told before it passes; told that it passed.
    warn_at BIGINT NOT NULL,
    warned_at BIGINT,
    missed_at BIGINT,
    -- Over: in time, too late, or without meaning because the order went another way.
    ended_at BIGINT,
    outcome TEXT CHECK (outcome IN ('met', 'late', 'void')),
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX platform_clock_order ON platform_clock (order_id, id);
CREATE INDEX platform_clock_warn ON platform_clock (warn_at, id) WHERE outcome IS NULL AND warned_at IS NULL;
CREATE INDEX platform_clock_due ON platform_clock (due_at, id) WHERE outcome IS NULL AND missed_at IS NULL;

-- Each step with when it happened there and when it was entered here.
CREATE TABLE platform_step (
    order_id BIGINT NOT NULL REFERENCES platform_order (id),
    seq BIGINT NOT NULL,
    what TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    entered_at BIGINT NOT NULL,
    reference TEXT,
    note TEXT,
    by_id BIGINT REFERENCES user_account (id),
    PRIMARY KEY (order_id, seq)
);
