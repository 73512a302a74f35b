-- The categories of feedback are a tree that the company edits: names in both languages, what stands beneath what, in which order, and
-- what is offered no longer. Old texts keep the code that they were given.
ALTER TABLE feedback_category ADD COLUMN id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE feedback_category ADD COLUMN parent_id BIGINT;
ALTER TABLE feedback_category ADD COLUMN name_zh TEXT NOT NULL DEFAULT '';
ALTER TABLE feedback_category ADD COLUMN name_en TEXT NOT NULL DEFAULT '';
ALTER TABLE feedback_category ADD COLUMN retired_at BIGINT;
ALTER TABLE feedback_category ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
UPDATE feedback_category SET name_zh = code, name_en = code,
    id = (SELECT COUNT(*) FROM feedback_category AS other WHERE other.code <= feedback_category.code);
UPDATE feedback_category SET
    name_zh = CASE code WHEN 'quality' THEN '商品质量' WHEN 'delivery' THEN '配送' WHEN 'installation' THEN '安装' WHEN 'repair' THEN '维修'
        WHEN 'attitude' THEN '服务态度' WHEN 'price' THEN '价格与收费' WHEN 'refund' THEN '退换与退款' WHEN 'environment' THEN '门店环境'
        WHEN 'suggestion' THEN '建议' WHEN 'praise' THEN '表扬' ELSE '其他' END,
    name_en = CASE code WHEN 'quality' THEN 'Quality' WHEN 'delivery' THEN 'Delivery' WHEN 'installation' THEN 'Installation' WHEN 'repair' THEN 'Repair'
        WHEN 'attitude' THEN 'Attitude' WHEN 'price' THEN 'Prices and fees' WHEN 'refund' THEN 'Returns and refunds'
        WHEN 'environment' THEN 'Shop and surroundings' WHEN 'suggestion' THEN 'Suggestion' WHEN 'praise' THEN 'Praise' ELSE 'Other' END
    WHERE code IN ('quality', 'delivery', 'installation', 'repair', 'attitude', 'price', 'refund', 'environment', 'suggestion', 'praise', 'other');
CREATE UNIQUE INDEX feedback_category_id ON feedback_category (id);
