-- Schemes that the company loaded itself, such as a licensed table (自有评分表), and which one is in force from which day on.

CREATE TABLE score_scheme (
    id {PK},
    code TEXT NOT NULL,
    version TEXT NOT NULL,
    -- Of the text; whoever has read it once knows it again.
    digest TEXT NOT NULL,
    body TEXT NOT NULL,
    loaded_by BIGINT REFERENCES user_account (id),
    loaded_at BIGINT NOT NULL,
    UNIQUE (code, version)
);

-- From a day on, this one; without a scheme it is the one that came with the program. The last word for a day holds.
CREATE TABLE score_scheme_choice (
    id {PK},
    code TEXT NOT NULL,
    scheme_id BIGINT REFERENCES score_scheme (id),
    from_day TEXT NOT NULL,
    reason TEXT NOT NULL,
    chosen_by BIGINT REFERENCES user_account (id),
    chosen_at BIGINT NOT NULL,
    UNIQUE (code, from_day)
);
