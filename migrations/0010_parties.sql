-- Customers (顾客) and products (商品).

CREATE TABLE customer (
    id {PK},
    -- Where the customer came first; decides who reaches the file.
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    name TEXT NOT NULL,
    -- Digits as parties::domain::Phone keeps them; families share numbers, so it is not unique.
    phone TEXT,
    phone_tail TEXT,
    wechat TEXT,
    email TEXT,
    address TEXT,
    vip TEXT,
    note TEXT,
    consent BOOLEAN NOT NULL,
    external_id TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (store_id, external_id),
    CHECK ((phone IS NULL) = (phone_tail IS NULL))
);
CREATE INDEX customer_phone ON customer (phone, id) WHERE phone IS NOT NULL;
CREATE INDEX customer_phone_tail ON customer (phone_tail, id) WHERE phone_tail IS NOT NULL;
CREATE INDEX customer_store ON customer (store_id, id);

CREATE TABLE product (
    id {PK},
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    brand TEXT NOT NULL,
    category TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX product_category ON product (category, id);
