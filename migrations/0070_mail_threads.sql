-- Mails about a record that a customer began by mail stay in its thread (platform/messaging).
CREATE TABLE message_thread (
  record_kind TEXT NOT NULL,
  record_id BIGINT NOT NULL,
  -- The customer's subject, and the tag behind it by which answers find back.
  subject TEXT NOT NULL,
  tag TEXT NOT NULL,
  -- Stands in the Message-IDs of our mails, so that nobody can answer a mail that he never got.
  token TEXT NOT NULL,
  -- Where answers go: the mailbox that the customer wrote to.
  reply_to TEXT NOT NULL,
  -- The newest letter and those before it, oldest first, with blanks between.
  in_reply_to TEXT,
  earlier TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (record_kind, record_id)
);

-- The thread as it was when the mail was queued (JSON).
ALTER TABLE message_out ADD COLUMN thread TEXT;
