-- Chats and shops that tell of messages and are called back, and by which way each reply goes to its customer.

-- Where replies of a webhook go; signed with the channel's secret.
ALTER TABLE channel ADD COLUMN callback TEXT;
-- How many hooks were refused, and why the last one was.
ALTER TABLE channel ADD COLUMN refused BIGINT NOT NULL DEFAULT 0;
ALTER TABLE channel ADD COLUMN refused_why TEXT;

-- The channel whose callback carries the message; such a message stands as wechat_copy in the older list of words.
ALTER TABLE message_out ADD COLUMN hook_id BIGINT;
CREATE INDEX message_out_hook ON message_out (hook_id, id) WHERE hook_id IS NOT NULL;

-- The case with which a conversation outside goes on.
CREATE TABLE chat_thread (
    channel_id BIGINT NOT NULL REFERENCES channel (id),
    conversation TEXT NOT NULL,
    case_id BIGINT,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (channel_id, conversation)
);
CREATE INDEX chat_thread_case ON chat_thread (case_id) WHERE case_id IS NOT NULL;

-- The conversation in which a case came.
CREATE TABLE case_chat (
    case_id BIGINT NOT NULL PRIMARY KEY REFERENCES service_case (id),
    channel_id BIGINT NOT NULL REFERENCES channel (id),
    conversation TEXT NOT NULL
);

-- Messages that were taken, by the sender's key, so that none is taken twice.
CREATE TABLE chat_message (
    channel_id BIGINT NOT NULL REFERENCES channel (id),
    external_id TEXT NOT NULL,
    case_id BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (channel_id, external_id)
);

-- By which way a reply goes: the message that goes out, the task to call, or when its letter was printed.
CREATE TABLE case_reply (
    message_id BIGINT NOT NULL PRIMARY KEY,
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    way TEXT NOT NULL,
    sent_id BIGINT,
    task_id BIGINT,
    printed_at BIGINT
);
CREATE INDEX case_reply_case ON case_reply (case_id, message_id);
