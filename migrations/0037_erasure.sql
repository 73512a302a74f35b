-- A customer's wish to be forgotten (个人信息保护法 §47), and what stands against it.

-- When what names the person was erased for ever.
ALTER TABLE customer ADD COLUMN erased_at BIGINT;
-- Why the file has to be kept as it is (a dispute, an order of an authority); none = it has not.
ALTER TABLE customer ADD COLUMN held_for TEXT;
