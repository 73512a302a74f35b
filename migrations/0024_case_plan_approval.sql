-- What the law gives is marked on its line and never waits; a way to choose whose extra is not granted yet is held back.
ALTER TABLE case_plan_line ADD COLUMN by_law BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE case_plan_option ADD COLUMN held BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE case_plan ADD COLUMN approval_id BIGINT REFERENCES approval (id);
