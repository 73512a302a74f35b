-- Outgoing messages (platform/messaging): mail, SMS, and texts that staff copy into WeChat.
-- No foreign keys: a message belongs to a record of any kind.
CREATE TABLE message_out (
  id {PK},
  channel TEXT NOT NULL CHECK (channel IN ('mail', 'sms', 'wechat_copy')),
  -- Personal: address, subject, body and params are emptied when the record is erased.
  to_address TEXT NOT NULL,
  template TEXT NOT NULL,
  locale TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  -- The template's variables as JSON, for providers that hold the template themselves.
  params TEXT NOT NULL,
  record_kind TEXT NOT NULL,
  record_id BIGINT NOT NULL,
  store_id BIGINT,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'suppressed', 'unknown')),
  provider_id TEXT,
  segments BIGINT NOT NULL CHECK (segments >= 0),
  cost_fen BIGINT NOT NULL CHECK (cost_fen >= 0),
  -- How often a person has sent it again; part of the idempotency key.
  round BIGINT NOT NULL CHECK (round >= 0),
  -- Counts attempts; with the id it names one attempt.
  tries BIGINT NOT NULL CHECK (tries >= 0),
  created_at BIGINT NOT NULL,
  -- Not before this instant (quiet hours).
  send_at BIGINT NOT NULL,
  sent_at BIGINT,
  receipt_at BIGINT,
  -- A code with words in the locales, and what the other side said.
  error TEXT,
  detail TEXT,
  dedup TEXT UNIQUE
);
CREATE INDEX message_out_record ON message_out (record_kind, record_id, id);
CREATE INDEX message_out_provider ON message_out (provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX message_out_state ON message_out (state, id) WHERE state IN ('queued', 'sending', 'failed', 'unknown');
