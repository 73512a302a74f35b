-- The company's own rules as data with dates: limits of the flow beside its deadlines, own roles with names, codes for a first
-- password, and how far the first run has come.

-- One row. Each change of deadlines or limits makes the next version; a change names the one it is based on.
CREATE TABLE policy_version (
    only_row BIGINT NOT NULL PRIMARY KEY CHECK (only_row = 1),
    version BIGINT NOT NULL
);
INSERT INTO policy_version (only_row, version) VALUES (1, 1);

-- From which share of the time on a deadline is soon, in basis points.
ALTER TABLE deadline_policy ADD COLUMN warn_share BIGINT NOT NULL DEFAULT 7500;
-- From here on this kind and priority has no time of its own any more: the more general row counts again.
ALTER TABLE deadline_policy ADD COLUMN withdrawn BOOLEAN NOT NULL DEFAULT FALSE;

-- Limits of the flow (cases::domain::Limit). A name that this release does not know is kept and means nothing.
CREATE TABLE flow_limit (
    id {PK},
    name TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    effective_from BIGINT NOT NULL,
    version BIGINT NOT NULL
);

-- The company's own roles have a name of their own; that of a shipped role is a text of the program.
ALTER TABLE role ADD COLUMN name TEXT;
ALTER TABLE role ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- Codes with which people set their first or a new password. Only the digest is kept.
CREATE TABLE activation_code (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES user_account (id),
    code_hash TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- The guided first run: what was done in each step, so that it can be taken back, and what stays for correction.
CREATE TABLE first_run_step (
    step TEXT NOT NULL PRIMARY KEY CHECK (step IN ('company', 'stores', 'staff', 'calendar', 'trade', 'case')),
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'skipped')),
    -- Rows that could not be taken, as typed.
    draft TEXT NOT NULL,
    -- Ids that the step made, with spaces between them.
    made TEXT NOT NULL,
    choice TEXT,
    changed_at BIGINT NOT NULL
);

-- What was changed in the settings, newest first. The daily records are left out, so that writing them costs nothing more; who reads
-- through this index repeats the condition.
CREATE INDEX journal_entry_settings ON journal_entry (id)
    WHERE record_kind NOT IN ('case', 'customer', 'product', 'sale', 'survey', 'task', 'file', 'message');
