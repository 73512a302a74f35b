-- Registers (台账): what measures a promise to customers, and what we answered to an event outside.
ALTER TABLE score_entry ADD COLUMN measure TEXT;
ALTER TABLE score_entry ADD COLUMN answer TEXT;
ALTER TABLE score_entry ADD COLUMN answered_at BIGINT;
ALTER TABLE score_entry ADD COLUMN answered_by BIGINT REFERENCES user_account (id);
