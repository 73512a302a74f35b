-- Lists that a company keeps itself: groups of products, kinds of goods on cases, causes of cases. Entries are never deleted,
-- they end; what names them keeps their code.

CREATE TABLE product_group (
    id {PK},
    code TEXT NOT NULL UNIQUE,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    -- The first day on which it is no longer offered.
    retired_on TEXT,
    -- Added by the company.
    own BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);
INSERT INTO product_group (id, code, name_zh, name_en, ordinal, own, version) VALUES
    (1, 'washer', '洗衣机', 'Washing machine', 1, FALSE, 1),
    (2, 'fridge', '冰箱', 'Fridge', 2, FALSE, 1),
    (3, 'aircon', '空调', 'Air conditioner', 3, FALSE, 1),
    (4, 'tv', '电视', 'Television', 4, FALSE, 1),
    (5, 'kitchen', '烟灶厨电', 'Kitchen appliance', 5, FALSE, 1),
    (6, 'heater', '热水器', 'Water heater', 6, FALSE, 1),
    (7, 'water', '净水器', 'Water purifier', 7, FALSE, 1),
    (8, 'small', '小家电', 'Small appliance', 8, FALSE, 1),
    (9, 'phone', '手机', 'Phone', 9, FALSE, 1),
    (10, 'tablet', '平板', 'Tablet', 10, FALSE, 1),
    (11, 'computer', '电脑', 'Computer', 11, FALSE, 1),
    (12, 'wearable', '手表、耳机', 'Wearable', 12, FALSE, 1),
    (13, 'furniture', '家具', 'Furniture', 13, FALSE, 1),
    (14, 'clothing', '服装鞋帽', 'Clothing', 14, FALSE, 1),
    (15, 'general', '其他', 'General', 15, FALSE, 1);
-- Groups that products were given before there was a list.
INSERT INTO product_group (id, code, name_zh, name_en, ordinal, own, version)
SELECT 15 + ROW_NUMBER() OVER (ORDER BY used.category), used.category, used.category, used.category,
    15 + ROW_NUMBER() OVER (ORDER BY used.category), TRUE, 1
FROM (SELECT DISTINCT category FROM product
    WHERE category NOT IN ('washer', 'fridge', 'aircon', 'tv', 'kitchen', 'heater', 'water', 'small', 'phone', 'tablet',
        'computer', 'wearable', 'furniture', 'clothing', 'general')) used;

CREATE TABLE case_cause (
    id {PK},
    code TEXT NOT NULL UNIQUE,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    retired_on TEXT,
    own BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);
INSERT INTO case_cause (id, code, name_zh, name_en, ordinal, own, version) VALUES
    (1, 'product', '商品质量', 'Product quality', 1, FALSE, 1),
    (2, 'installation', '安装', 'Installation', 2, FALSE, 1),
    (3, 'delivery', '配送', 'Delivery', 3, FALSE, 1),
    (4, 'usage', '使用', 'Use', 4, FALSE, 1),
    (5, 'service', '服务', 'Service', 5, FALSE, 1),
    (6, 'information', '售前告知', 'Information at the sale', 6, FALSE, 1),
    (7, 'other', '其他', 'Other', 7, FALSE, 1);

-- Kinds of goods had codes only.
ALTER TABLE symptom_category ADD COLUMN id BIGINT;
ALTER TABLE symptom_category ADD COLUMN retired_on TEXT;
ALTER TABLE symptom_category ADD COLUMN own BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE symptom_category ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
UPDATE symptom_category SET id = ordinal;
CREATE UNIQUE INDEX symptom_category_id ON symptom_category (id);

CREATE INDEX case_intake_category ON case_intake (category, case_id) WHERE category IS NOT NULL;
