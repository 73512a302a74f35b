-- Mailboxes that are read, and every letter that came to them (capabilities/mail).

-- With what the tags in subjects are made, sealed; one row.
CREATE TABLE mail_key (
  id BIGINT PRIMARY KEY CHECK (id = 1),
  sealed TEXT NOT NULL
);

CREATE TABLE mailbox (
  id {PK},
  name TEXT NOT NULL,
  -- Customers write to it; in lower case.
  address TEXT NOT NULL UNIQUE,
  host TEXT NOT NULL,
  port BIGINT NOT NULL CHECK (port BETWEEN 1 AND 65535),
  tls TEXT NOT NULL CHECK (tls IN ('none', 'start_tls', 'implicit')),
  login TEXT NOT NULL,
  -- The password, sealed with the master key.
  sealed TEXT,
  folder TEXT NOT NULL,
  store_id BIGINT NOT NULL REFERENCES org_unit (id),
  -- Is told when it cannot be reached.
  owner_id BIGINT REFERENCES user_account (id),
  -- Waits for news at the server instead of asking once a minute.
  idle BOOLEAN NOT NULL,
  active BOOLEAN NOT NULL,
  -- Where reading stands: all letters up to this UID of this UIDVALIDITY (RFC 3501 §2.3.1.1) have a row.
  uid_validity BIGINT,
  last_uid BIGINT NOT NULL,
  looked_at BIGINT,
  failed_since BIGINT,
  -- A code with words in the locales, and what the other side said.
  error TEXT,
  detail TEXT,
  -- The owner knows that it cannot be reached.
  told BOOLEAN NOT NULL,
  -- How often in a row it could not be read, and when it is tried again by itself.
  tries BIGINT NOT NULL,
  look_at BIGINT,
  version BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);

CREATE TABLE mail_letter (
  id {PK},
  mailbox_id BIGINT NOT NULL REFERENCES mailbox (id),
  uid_validity BIGINT NOT NULL,
  uid BIGINT NOT NULL,
  -- Of what makes it this letter; none in a second copy of it.
  digest TEXT UNIQUE,
  -- Of its Message-ID and of its sender, to find the thread and the customer.
  message_digest TEXT,
  sender_digest TEXT,
  state TEXT NOT NULL CHECK (state IN ('case', 'answer', 'bounce', 'automatic', 'duplicate', 'set_aside')),
  -- A code with words in the locales: why it is no case, or what was not believed.
  why TEXT,
  -- What an error or a postmaster said, or the number of a case that was named and not believed.
  detail TEXT,
  -- What was left out of it, as codes with blanks between.
  tamed TEXT,
  case_id BIGINT,
  store_id BIGINT NOT NULL,
  -- Personal.
  from_name TEXT NOT NULL,
  from_address TEXT NOT NULL,
  subject TEXT NOT NULL,
  written_at BIGINT,
  received_at BIGINT NOT NULL,
  size BIGINT NOT NULL,
  UNIQUE (mailbox_id, uid_validity, uid)
);
CREATE INDEX mail_letter_list ON mail_letter (mailbox_id, id);
CREATE INDEX mail_letter_state ON mail_letter (mailbox_id, state, id);
CREATE INDEX mail_letter_message ON mail_letter (message_digest) WHERE message_digest IS NOT NULL;
CREATE INDEX mail_letter_sender ON mail_letter (mailbox_id, sender_digest, id) WHERE sender_digest IS NOT NULL;
CREATE INDEX mail_letter_case ON mail_letter (case_id) WHERE case_id IS NOT NULL;
