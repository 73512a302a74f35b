-- Persons taking turns at one counter PC (platform/identity).

-- A person's PIN, as an Argon2id hash.
CREATE TABLE user_pin (
  user_id BIGINT PRIMARY KEY REFERENCES user_account (id),
  hash TEXT NOT NULL,
  -- Wrong tries since the last right one.
  failures BIGINT NOT NULL DEFAULT 0,
  locked_until BIGINT,
  set_at BIGINT NOT NULL
);

-- A browser at a counter, known again by a cookie whose digest is kept.
CREATE TABLE workstation (
  id {PK},
  token_hash TEXT NOT NULL UNIQUE,
  created_at BIGINT NOT NULL
);

-- Who has signed in there with a password, and when last.
CREATE TABLE workstation_person (
  workstation_id BIGINT NOT NULL REFERENCES workstation (id),
  user_id BIGINT NOT NULL REFERENCES user_account (id),
  used_at BIGINT NOT NULL,
  PRIMARY KEY (workstation_id, user_id)
);
CREATE INDEX workstation_person_user ON workstation_person (user_id);

-- Nobody goes on with a locked session before a PIN or a password was given.
ALTER TABLE session ADD COLUMN locked_at BIGINT;
