-- The organisation, its people, what they may do, and how they are known again.

CREATE TABLE org_unit (
    id {PK},
    parent_id BIGINT REFERENCES org_unit (id),
    kind TEXT NOT NULL CHECK (kind IN ('company', 'region', 'store', 'team')),
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_en TEXT,
    zone TEXT NOT NULL,
    phone TEXT,
    address TEXT,
    -- Ids from the root to this unit, as /1/7/.
    path TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    CHECK ((kind = 'company') = (parent_id IS NULL))
);
CREATE INDEX org_unit_parent ON org_unit (parent_id);
-- One company per installation.
CREATE UNIQUE INDEX org_unit_company ON org_unit (kind) WHERE kind = 'company';

CREATE TABLE user_account (
    id {PK},
    -- Kept in lower case.
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    phone TEXT UNIQUE,
    email TEXT,
    home_unit BIGINT NOT NULL REFERENCES org_unit (id),
    password_hash TEXT,
    pin_hash TEXT,
    locale TEXT NOT NULL CHECK (locale IN ('zh-CN', 'en')),
    theme TEXT NOT NULL CHECK (theme IN ('system', 'light', 'dark')),
    keys_off BOOLEAN NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX user_account_home ON user_account (home_unit);

CREATE TABLE role (
    code TEXT NOT NULL PRIMARY KEY,
    builtin BOOLEAN NOT NULL,
    -- An administrator has changed its grants, so a new release leaves them alone.
    edited BOOLEAN NOT NULL
);

CREATE TABLE role_grant (
    role_code TEXT NOT NULL REFERENCES role (code),
    permission TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope IN ('own', 'team', 'store', 'region', 'company')),
    PRIMARY KEY (role_code, permission)
);

CREATE TABLE user_role (
    user_id BIGINT NOT NULL REFERENCES user_account (id),
    role_code TEXT NOT NULL REFERENCES role (code),
    unit_id BIGINT NOT NULL REFERENCES org_unit (id),
    PRIMARY KEY (user_id, role_code, unit_id)
);
CREATE INDEX user_role_unit ON user_role (unit_id);

-- One row. Every change of units, people, roles or grants adds one, so that each node sees with one cheap read that its
-- directory is old.
CREATE TABLE directory_version (
    only_row BIGINT NOT NULL PRIMARY KEY CHECK (only_row = 1),
    version BIGINT NOT NULL
);
INSERT INTO directory_version (only_row, version) VALUES (1, 1);

CREATE TABLE session (
    id {PK},
    token_hash TEXT NOT NULL UNIQUE,
    user_id BIGINT NOT NULL REFERENCES user_account (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    -- Not valid when unused for this many milliseconds, and never after expires_at.
    idle_limit BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE api_token (
    id {PK},
    user_id BIGINT NOT NULL REFERENCES user_account (id),
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    expires_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX api_token_user ON api_token (user_id);

-- Failures of signing in, by login, by address and for the first-run code.
CREATE TABLE login_attempt (
    subject TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL
);
CREATE INDEX login_attempt_last ON login_attempt (last_at);

-- First-run codes that were printed on a console and not yet used; emptied when the first administrator exists.
CREATE TABLE setup_code (
    code_hash TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
