-- Reviews of returns (退换货例会): a job freezes the figures of a week, month or quarter; people decide on them and sign.
CREATE TABLE return_review (
    id {PK},
    period TEXT NOT NULL CHECK (period IN ('week', 'month', 'quarter')),
    from_on TEXT NOT NULL,
    to_on TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    -- As they stood then, as JSON; they never change.
    pack TEXT NOT NULL,
    signed_by BIGINT REFERENCES user_account (id),
    signed_at BIGINT,
    note TEXT,
    version BIGINT NOT NULL,
    UNIQUE (period, from_on),
    CHECK (from_on <= to_on),
    CHECK ((signed_at IS NULL) = (note IS NULL))
);

-- What was decided: somebody does it by a day.
CREATE TABLE return_decision (
    id {PK},
    review_id BIGINT NOT NULL REFERENCES return_review (id),
    seq BIGINT NOT NULL,
    body TEXT NOT NULL,
    owner_id BIGINT NOT NULL REFERENCES user_account (id),
    due_on TEXT NOT NULL,
    done_on TEXT,
    done_by BIGINT REFERENCES user_account (id),
    done_note TEXT,
    UNIQUE (review_id, seq),
    CHECK ((done_on IS NULL) = (done_note IS NULL))
);
CREATE INDEX return_decision_open ON return_decision (due_on, id) WHERE done_on IS NULL;

-- Products whose return rate has jumped against their own history, once a month each.
CREATE TABLE return_alarm (
    product TEXT NOT NULL,
    month TEXT NOT NULL,
    raised_on TEXT NOT NULL,
    returned BIGINT NOT NULL,
    sold BIGINT NOT NULL,
    before_returned BIGINT NOT NULL,
    before_sold BIGINT NOT NULL,
    PRIMARY KEY (product, month)
);
CREATE INDEX return_alarm_day ON return_alarm (raised_on);
CREATE INDEX product_return_opened ON product_return (opened_at, id);
