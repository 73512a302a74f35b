-- One register of causes (原因) for cases and complaints; complaints had a fixed list of their own.

-- Where an entry is offered.
ALTER TABLE case_cause ADD COLUMN kind TEXT NOT NULL DEFAULT 'case' CHECK (kind IN ('case', 'complaint', 'both'));
UPDATE case_cause SET kind = 'both' WHERE code IN ('product', 'installation', 'delivery', 'information', 'other');
INSERT INTO case_cause (id, code, name_zh, name_en, ordinal, own, version, kind)
SELECT 8, 'repair_late', '维修不及时', 'Repair late', MAX(ordinal) + 1, FALSE, 1, 'complaint' FROM case_cause;
INSERT INTO case_cause (id, code, name_zh, name_en, ordinal, own, version, kind)
SELECT 9, 'repair_again', '反复维修', 'Repaired again and again', MAX(ordinal) + 1, FALSE, 1, 'complaint' FROM case_cause;
INSERT INTO case_cause (id, code, name_zh, name_en, ordinal, own, version, kind)
SELECT 10, 'manner', '沟通态度', 'Manner', MAX(ordinal) + 1, FALSE, 1, 'complaint' FROM case_cause;
INSERT INTO case_cause (id, code, name_zh, name_en, ordinal, own, version, kind)
SELECT 11, 'refund_late', '退款不及时', 'Refund late', MAX(ordinal) + 1, FALSE, 1, 'complaint' FROM case_cause;
INSERT INTO case_cause (id, code, name_zh, name_en, ordinal, own, version, kind)
SELECT 12, 'fees', '收费不清', 'Fees unclear', MAX(ordinal) + 1, FALSE, 1, 'complaint' FROM case_cause;
INSERT INTO case_cause (id, code, name_zh, name_en, ordinal, own, version, kind)
SELECT 13, 'oversold', '过度承诺', 'Promised too much', MAX(ordinal) + 1, FALSE, 1, 'complaint' FROM case_cause;
-- What stands for everything else stays at the end.
UPDATE case_cause SET ordinal = (SELECT MAX(other.ordinal) + 1 FROM case_cause other) WHERE code = 'other';

-- A complaint may have any code of the register, not only those of the old list.
ALTER TABLE complaint ADD COLUMN cause_code TEXT;
UPDATE complaint SET cause_code = cause;
ALTER TABLE complaint DROP COLUMN cause;
ALTER TABLE complaint RENAME COLUMN cause_code TO cause;
