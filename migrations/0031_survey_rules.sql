-- Surveys by rule: who is asked is data with versions; who is not asked is known with the reason; a rating can be noted by phone,
-- a low one has an owner and a deadline, and headquarters may exclude one with a reason.

-- The newest version counts. Versions are never changed.
CREATE TABLE survey_rule (
    version BIGINT NOT NULL PRIMARY KEY,
    -- Kinds of case after which customers are asked, with commas.
    kinds TEXT NOT NULL,
    -- Hours between closing and asking.
    delay_hours BIGINT NOT NULL CHECK (delay_hours BETWEEN 0 AND 168),
    -- Days in which nobody is asked twice; 0 = always.
    quiet_days BIGINT NOT NULL CHECK (quiet_days BETWEEN 0 AND 365),
    -- Only those are asked who have agreed to be contacted.
    needs_consent BOOLEAN NOT NULL,
    -- Hours in which somebody makes up for a low rating.
    recovery_hours BIGINT NOT NULL CHECK (recovery_hours BETWEEN 1 AND 336),
    reason TEXT NOT NULL,
    changed_by BIGINT REFERENCES user_account (id),
    changed_at BIGINT NOT NULL
);
INSERT INTO survey_rule (version, kinds, delay_hours, quiet_days, needs_consent, recovery_hours, reason, changed_at)
    VALUES (1, 'inquiry,repair,installation,feedback,complaint,return', 0, 30, FALSE, 24, '', 0);

ALTER TABLE survey ADD COLUMN rule_version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE survey ADD COLUMN customer_id BIGINT REFERENCES customer (id);
-- Why the customer was not asked; NULL = asked.
ALTER TABLE survey ADD COLUMN skipped TEXT CHECK (skipped IN ('anonymous', 'imported', 'kind', 'no_phone', 'no_consent', 'quiet'));
-- When the link goes out; NULL when nothing is to go out any more.
ALTER TABLE survey ADD COLUMN send_at BIGINT;
-- How the answer came, and who noted it when it came by phone.
ALTER TABLE survey ADD COLUMN answered_by TEXT CHECK (answered_by IN ('link', 'phone'));
ALTER TABLE survey ADD COLUMN noted_by BIGINT REFERENCES user_account (id);
-- What makes one look twice: given by somebody who was signed in as staff, or from a network where staff of the store sign in.
ALTER TABLE survey ADD COLUMN flagged TEXT CHECK (flagged IN ('own_staff', 'own_network'));
ALTER TABLE survey ADD COLUMN excluded_at BIGINT;
ALTER TABLE survey ADD COLUMN excluded_by BIGINT REFERENCES user_account (id);
ALTER TABLE survey ADD COLUMN excluded_reason TEXT;
-- Who makes up for a low rating, and by when.
ALTER TABLE survey ADD COLUMN recovery_owner BIGINT REFERENCES user_account (id);
ALTER TABLE survey ADD COLUMN recovery_due BIGINT;
UPDATE survey SET answered_by = 'link' WHERE csat IS NOT NULL;
UPDATE survey SET customer_id = (SELECT customer_id FROM service_case WHERE service_case.id = survey.case_id);

CREATE INDEX survey_customer ON survey (customer_id, invited_at) WHERE customer_id IS NOT NULL AND skipped IS NULL;
CREATE INDEX survey_send ON survey (send_at, id) WHERE send_at IS NOT NULL;
CREATE INDEX survey_invited ON survey (store_id, invited_at, id);

-- What happened to one case, to take it back when the act is.
CREATE INDEX case_mark_case ON case_mark (mark_case, mark, mark_at);
