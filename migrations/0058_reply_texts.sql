-- Texts for replies (their words are versions in message_template), drafts, and replies that wait for a second yes.

CREATE TABLE reply_text (
    id {PK},
    name TEXT NOT NULL,
    -- For cases of this kind, for this kind of goods only.
    kind TEXT,
    category TEXT,
    locale TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX reply_text_name ON reply_text (name, id);

-- What somebody is writing in a case; nobody else reads it.
CREATE TABLE reply_draft (
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    user_id BIGINT NOT NULL REFERENCES user_account (id),
    visibility TEXT,
    way TEXT,
    body TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (case_id, user_id)
);
CREATE INDEX reply_draft_age ON reply_draft (updated_at);

-- When a reply needs a second yes: everything that the rule names has to hold.
CREATE TABLE reply_rule (
    id {PK},
    name TEXT NOT NULL,
    kind TEXT,
    priority TEXT,
    category TEXT,
    -- One a line.
    words TEXT,
    amount BOOLEAN NOT NULL,
    upset BOOLEAN NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE reply_held (
    id {PK},
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    body TEXT NOT NULL,
    way TEXT NOT NULL,
    author_id BIGINT NOT NULL REFERENCES user_account (id),
    rule_name TEXT NOT NULL,
    approval_id BIGINT NOT NULL REFERENCES approval (id),
    state TEXT NOT NULL CHECK (state IN ('asked', 'sent', 'declined', 'dropped')),
    created_at BIGINT NOT NULL
);
CREATE INDEX reply_held_case ON reply_held (case_id, id);
CREATE UNIQUE INDEX reply_held_approval ON reply_held (approval_id);

-- Improvements (你说我改) that customers' words led to; minimal for now.
CREATE TABLE improvement (
    id {PK},
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    owner_id BIGINT NOT NULL REFERENCES user_account (id),
    title TEXT NOT NULL,
    -- The category of feedback whose count shows the effect.
    category TEXT,
    due_on TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'dropped')),
    done_on TEXT,
    -- For the public.
    said TEXT,
    did TEXT,
    published_at BIGINT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX improvement_store ON improvement (store_id, id);
CREATE INDEX improvement_public ON improvement (store_id, published_at) WHERE published_at IS NOT NULL;

CREATE TABLE improvement_case (
    improvement_id BIGINT NOT NULL REFERENCES improvement (id),
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    linked_by BIGINT REFERENCES user_account (id),
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (improvement_id, case_id)
);
CREATE INDEX improvement_case_case ON improvement_case (case_id);
CREATE INDEX feedback_item_category ON feedback_item (store_id, category, received_at) WHERE category IS NOT NULL;

-- What a new installation begins with; changed under settings.
INSERT INTO reply_rule (id, name, kind, priority, category, words, amount, upset, active, version) VALUES
    (1, '激动的顾客，回复里有金额', NULL, NULL, NULL, NULL, TRUE, TRUE, TRUE, 1);
INSERT INTO reply_text (id, name, kind, category, locale, active, version) VALUES
    (1, '已收到', NULL, NULL, 'zh-CN', TRUE, 1),
    (2, '致歉并说明时间', 'complaint', NULL, 'zh-CN', TRUE, 1),
    (3, 'Received', NULL, NULL, 'en', TRUE, 1);
INSERT INTO message_template (code, channel, locale, version, subject, body, changed_by, changed_at) VALUES
    ('reply:1', 'mail', 'zh-CN', 1, '已收到', '{name}您好，您反映的“{subject}”（{number}）我们已收到，由{owner}跟进，最迟{due}回复您。', '', 0),
    ('reply:2', 'mail', 'zh-CN', 1, '致歉并说明时间', '{name}您好，给您带来不便，非常抱歉。{number} 正在处理，由{owner}负责，最迟{due}给您答复。有问题请打{store} {phone}。', '', 0),
    ('reply:3', 'mail', 'en', 1, 'Received', 'Dear {name}, we have received “{subject}” ({number}). {owner} takes care of it and answers by {due}.', '', 0);
