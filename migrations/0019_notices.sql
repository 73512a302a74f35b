-- What members of staff are told inside the program (platform/notices), and who wants to be told of what.
CREATE TABLE notice (
  id {PK},
  user_id BIGINT NOT NULL REFERENCES user_account (id),
  kind TEXT NOT NULL,
  record_kind TEXT NOT NULL,
  record_id BIGINT NOT NULL,
  -- Where it leads, a path of this program.
  href TEXT NOT NULL,
  -- The words of its text as JSON; personal, emptied when the record is erased.
  words TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  read_at BIGINT
);
CREATE INDEX notice_user ON notice (user_id, id);
CREATE INDEX notice_unread ON notice (user_id, id) WHERE read_at IS NULL;
CREATE INDEX notice_record ON notice (record_kind, record_id);
CREATE INDEX notice_age ON notice (created_at);

-- Only what differs from the kind's defaults.
CREATE TABLE notice_choice (
  user_id BIGINT NOT NULL REFERENCES user_account (id),
  kind TEXT NOT NULL,
  in_app BOOLEAN NOT NULL,
  mail BOOLEAN NOT NULL,
  PRIMARY KEY (user_id, kind)
);
