-- Telephone calls (来电), as a call centre's hook or a person tells of them, and the calls that are owed back.

-- Signs what hooks send; sealed with the installation's master key.
ALTER TABLE channel ADD COLUMN secret TEXT;
-- When something that was not signed, old or sent again was last refused.
ALTER TABLE channel ADD COLUMN refused_at BIGINT;

CREATE TABLE phone_call (
    id {PK},
    channel_id BIGINT NOT NULL REFERENCES channel (id),
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    -- The call's key in the call centre; a channel has each once.
    external_id TEXT NOT NULL,
    -- The caller's number in digits; empty when it was withheld.
    phone TEXT NOT NULL,
    phone_masked TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ringing', 'answered', 'ended', 'missed', 'called_back')),
    started_at BIGINT NOT NULL,
    answered_at BIGINT,
    ended_at BIGINT,
    -- Where the call centre keeps the recording; nothing is fetched.
    recording TEXT,
    case_id BIGINT,
    -- By when somebody calls back; NULL when nobody has to.
    due_at BIGINT,
    -- The due time about which people were told.
    told_at BIGINT,
    tries BIGINT NOT NULL,
    note TEXT,
    version BIGINT NOT NULL,
    UNIQUE (channel_id, external_id)
);
CREATE INDEX phone_call_started ON phone_call (started_at, id);
CREATE INDEX phone_call_store ON phone_call (store_id, started_at, id);
CREATE INDEX phone_call_number ON phone_call (phone) WHERE phone <> '';
CREATE INDEX phone_call_case ON phone_call (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX phone_call_due ON phone_call (due_at, id) WHERE due_at IS NOT NULL;

-- Signatures of hooks that were taken, so that nobody sends one again; forgotten once they are too old to count anyway.
CREATE TABLE hook_seen (
    signature TEXT PRIMARY KEY,
    seen_at BIGINT NOT NULL
);
CREATE INDEX hook_seen_age ON hook_seen (seen_at);
