-- 0045 was corrected by these after some databases had it.

CREATE INDEX IF NOT EXISTS phone_call_number ON phone_call (phone) WHERE phone <> '';
CREATE INDEX IF NOT EXISTS phone_call_case ON phone_call (case_id) WHERE case_id IS NOT NULL;
