-- Terms (保障条款): what makers, contracts, platforms, extended warranties and the shop promise beyond the law.

CREATE TABLE cover_terms (
    id {PK},
    layer TEXT NOT NULL CHECK (layer IN ('maker', 'contract', 'platform', 'extended_warranty', 'policy')),
    -- The newest version; each stays for the sales that were made under it.
    version BIGINT NOT NULL
);

CREATE TABLE cover_version (
    terms_id BIGINT NOT NULL REFERENCES cover_terms (id),
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- What the customer reads.
    says TEXT NOT NULL,
    exclusions TEXT,
    source TEXT NOT NULL,
    provider TEXT,
    payer TEXT NOT NULL CHECK (payer IN ('seller', 'maker', 'platform', 'warranty_provider')),
    -- For sales from this day to that one.
    from_day TEXT NOT NULL,
    to_day TEXT,
    -- Which goods and where; empty is all.
    brand TEXT NOT NULL,
    goods TEXT NOT NULL,
    product_id BIGINT REFERENCES product (id),
    store_id BIGINT REFERENCES org_unit (id),
    channel TEXT NOT NULL,
    -- JSON: what is promised, in order.
    promises TEXT NOT NULL,
    changed_by BIGINT REFERENCES user_account (id),
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (terms_id, version)
);
CREATE INDEX cover_version_goods ON cover_version (brand, goods, from_day);

-- Contracts and extended warranties that were sold with a sale or with one of its units.
CREATE TABLE sold_terms (
    id {PK},
    sale_id BIGINT NOT NULL REFERENCES sale (id),
    unit_id BIGINT REFERENCES serial_unit (id),
    terms_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    begins_on TEXT NOT NULL,
    months BIGINT NOT NULL CHECK (months BETWEEN 1 AND 600),
    price_fen BIGINT NOT NULL CHECK (price_fen >= 0),
    sold_by BIGINT REFERENCES user_account (id),
    sold_at BIGINT NOT NULL,
    FOREIGN KEY (terms_id, version) REFERENCES cover_version (terms_id, version)
);
CREATE INDEX sold_terms_sale ON sold_terms (sale_id, id);
CREATE INDEX sold_terms_terms ON sold_terms (terms_id, version);

-- The terms by which a line was judged, whole, so that it can be judged again.
ALTER TABLE return_line ADD COLUMN terms TEXT;
