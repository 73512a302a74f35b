-- Full records of what is sold: products with their warranty facts, sales (销售), serial units (序列号), merged customers.

ALTER TABLE customer ADD COLUMN tags TEXT;
-- The file that this one was merged into; such a file is closed and found no more.
ALTER TABLE customer ADD COLUMN merged_into BIGINT REFERENCES customer (id);
CREATE INDEX customer_wechat ON customer (wechat, id) WHERE wechat IS NOT NULL;
CREATE INDEX customer_name ON customer (name, id);

ALTER TABLE product ADD COLUMN model TEXT;
ALTER TABLE product ADD COLUMN barcode TEXT;
-- Months of the statutory warranty of the whole unit and of its main part, and of the maker's promise, as far as known.
ALTER TABLE product ADD COLUMN law_months BIGINT;
ALTER TABLE product ADD COLUMN main_months BIGINT;
ALTER TABLE product ADD COLUMN maker_months BIGINT;
ALTER TABLE product ADD COLUMN maker_promise TEXT;
ALTER TABLE product ADD COLUMN hotline TEXT;
CREATE INDEX product_barcode ON product (barcode) WHERE barcode IS NOT NULL;
CREATE INDEX product_brand ON product (brand, id);

CREATE TABLE sale (
    id {PK},
    -- Where it was sold.
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    customer_id BIGINT REFERENCES customer (id),
    receipt TEXT NOT NULL,
    -- The receipt's number as it is looked up: capital letters and digits only.
    receipt_code TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('store', 'online', 'platform', 'group', 'other')),
    sold_on TEXT NOT NULL,
    payment TEXT,
    note TEXT,
    total BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (store_id, receipt_code)
);
CREATE INDEX sale_receipt ON sale (receipt_code, id);
CREATE INDEX sale_day ON sale (sold_on, id);
CREATE INDEX sale_store ON sale (store_id, sold_on, id);
CREATE INDEX sale_customer ON sale (customer_id, id) WHERE customer_id IS NOT NULL;

CREATE TABLE sale_line (
    sale_id BIGINT NOT NULL REFERENCES sale (id),
    position BIGINT NOT NULL,
    product_id BIGINT NOT NULL REFERENCES product (id),
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    price BIGINT NOT NULL CHECK (price >= 0),
    PRIMARY KEY (sale_id, position)
);

-- What was promised beyond the law when it was sold (保障层), each with who pays and until when.
CREATE TABLE sale_cover (
    sale_id BIGINT NOT NULL REFERENCES sale (id),
    position BIGINT NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('maker', 'sale', 'extended', 'platform', 'policy')),
    promise TEXT NOT NULL,
    provider TEXT,
    ends_on TEXT,
    PRIMARY KEY (sale_id, position)
);

CREATE TABLE serial_unit (
    id {PK},
    product_id BIGINT NOT NULL REFERENCES product (id),
    serial TEXT NOT NULL,
    -- As it is looked up: capital letters and digits only; and its last six.
    code TEXT NOT NULL,
    tail TEXT NOT NULL,
    imei TEXT,
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    sale_id BIGINT REFERENCES sale (id),
    -- Whose it is now; not always who bought it.
    customer_id BIGINT REFERENCES customer (id),
    warranty_from TEXT,
    -- Finished repairs and exchanges of this unit: facts that several capabilities read.
    repairs BIGINT NOT NULL,
    exchanges BIGINT NOT NULL,
    note TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (product_id, code)
);
CREATE INDEX serial_unit_code ON serial_unit (code, id);
CREATE INDEX serial_unit_tail ON serial_unit (tail, id);
CREATE INDEX serial_unit_imei ON serial_unit (imei, id) WHERE imei IS NOT NULL;
CREATE INDEX serial_unit_sale ON serial_unit (sale_id) WHERE sale_id IS NOT NULL;
CREATE INDEX serial_unit_customer ON serial_unit (customer_id, id) WHERE customer_id IS NOT NULL;
CREATE INDEX serial_unit_store ON serial_unit (store_id, id);

-- A merge and what it moved, so that it can be taken back.
CREATE TABLE customer_merge (
    id {PK},
    kept_id BIGINT NOT NULL REFERENCES customer (id),
    gone_id BIGINT NOT NULL REFERENCES customer (id),
    reason TEXT NOT NULL,
    merged_at BIGINT NOT NULL,
    undone_at BIGINT
);
CREATE INDEX customer_merge_kept ON customer_merge (kept_id, id);
CREATE INDEX customer_merge_gone ON customer_merge (gone_id, id);
CREATE TABLE customer_moved (
    merge_id BIGINT NOT NULL REFERENCES customer_merge (id),
    kind TEXT NOT NULL,
    record_id BIGINT NOT NULL,
    PRIMARY KEY (merge_id, kind, record_id)
);
