-- How messages go out (platform/messaging): providers, quiet hours, texts with versions; and how papers were printed.

-- Without a row nothing is set up.
CREATE TABLE messaging_setting (
  part TEXT NOT NULL PRIMARY KEY CHECK (part IN ('mail', 'sms', 'quiet')),
  -- JSON without secrets.
  settings TEXT NOT NULL,
  -- The password or signing secret, sealed with the master key.
  sealed TEXT,
  version BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);

-- The company's own words for a text. The newest version counts; without a row the shipped words do.
CREATE TABLE message_template (
  code TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('mail', 'sms')),
  locale TEXT NOT NULL CHECK (locale IN ('zh-CN', 'en')),
  version BIGINT NOT NULL CHECK (version > 0),
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (code, channel, locale, version)
);

-- By which version of its text it was written; 0 is the shipped one.
ALTER TABLE message_out ADD COLUMN template_version BIGINT NOT NULL DEFAULT 0;
CREATE INDEX message_out_store ON message_out (store_id, id);

-- The language in which a customer is written to, where it is not the company's.
CREATE TABLE customer_language (
  customer_id BIGINT NOT NULL PRIMARY KEY REFERENCES customer (id),
  locale TEXT NOT NULL CHECK (locale IN ('zh-CN', 'en')),
  changed_at BIGINT NOT NULL
);

-- How often a paper was printed, so that a reprint says so.
CREATE TABLE case_print (
  case_id BIGINT NOT NULL REFERENCES service_case (id),
  paper TEXT NOT NULL,
  copies BIGINT NOT NULL CHECK (copies > 0),
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (case_id, paper)
);
