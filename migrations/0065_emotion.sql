-- Feelings of customers (情绪): which words show that somebody is upset, who said so of which case, and what was done about it.

-- The rules, one row a version; the newest counts, an older one still explains what was found by it.
CREATE TABLE emotion_rules (
    version {PK},
    made_at BIGINT NOT NULL,
    made_by BIGINT REFERENCES user_account (id),
    -- Why they were changed.
    reason TEXT NOT NULL,
    -- Minutes of the store's working time until the next answer.
    answer_upset BIGINT NOT NULL CHECK (answer_upset > 0),
    answer_very_upset BIGINT NOT NULL CHECK (answer_very_upset > 0),
    -- Hours until the cooling call-back that the page suggests.
    cooling_hours BIGINT NOT NULL CHECK (cooling_hours > 0)
);
CREATE TABLE emotion_words (
    version BIGINT NOT NULL REFERENCES emotion_rules (version),
    language TEXT NOT NULL CHECK (language IN ('zh', 'en')),
    role TEXT NOT NULL CHECK (role IN ('upset', 'very_upset', 'negation')),
    -- One a line.
    words TEXT NOT NULL,
    PRIMARY KEY (version, language, role)
);
INSERT INTO emotion_rules (version, made_at, reason, answer_upset, answer_very_upset, cooling_hours) VALUES (1, 0, '', 60, 30, 24);
INSERT INTO emotion_words (version, language, role, words) VALUES
    (1, 'zh', 'upset', '生气
气愤
气人
恼火
火大
窝火
愤怒
太过分
真过分
很过分
太不像话
不像话
受够了
受不了
无法忍受
骗人
骗子
欺骗
忽悠
坑人
坑顾客
敷衍
推诿
踢皮球
互相推
没人管
没人理
一拖再拖
太差劲
太差了
差到极点
非常失望
太失望
极其失望
失望透顶
非常不满
强烈不满
极其不满
太气人
再也不来
再也不买
再也不会'),
    (1, 'zh', 'very_upset', '忍无可忍
欺人太甚
气死
气炸
气疯
气得发抖
愤怒至极
无耻
黑店
黑心
流氓
混蛋
王八蛋
没完
法庭见
起诉你们
告你们
曝光你们
找媒体
找记者
砸店
砸了你们
跟你们拼
骗钱'),
    (1, 'zh', 'negation', '没有
并不
并没
不是
不会
不
没
未
别
无
+不但
+不仅
+不光
+不只
+不得不
+不能不
+忍不住
+受不了
+不停
+不料
+没想到
+差不多
+从没
+从未
+没人
+没法
+无法
+不由得
+无故
+无缘无故
+没见过'),
    (1, 'en', 'upset', 'angry
upset
annoyed
frustrated
frustrating
fed up
sick of
had enough
disgusted
disgusting
ridiculous
unacceptable
very disappointed
extremely disappointed
terrible service
awful service
worst service
rip off
rip-off
liar
liars
cheated
scam
waste of time
never again'),
    (1, 'en', 'very_upset', 'furious
outraged
livid
sue you
see you in court
my lawyer
go to the press
enough is enough
how dare you
worst experience ever
absolutely disgusting'),
    (1, 'en', 'negation', 'not
no
never
without
hardly
isn''t
wasn''t
aren''t
weren''t
don''t
didn''t
won''t
am not
+not only
+no wonder
+not just');

-- One for each time somebody or the words said so; a case has at most one that stands.
CREATE TABLE emotion_flag (
    id {PK},
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    level TEXT NOT NULL CHECK (level IN ('upset', 'very_upset')),
    -- By the words of the customer, by staff with a reason, or ticked at intake.
    source TEXT NOT NULL CHECK (source IN ('words', 'staff', 'intake')),
    -- The message in which the words stand; NULL: in what the case says.
    message_id BIGINT,
    -- The words that were found, one a line, and by which version of the rules.
    words TEXT,
    rules_version BIGINT REFERENCES emotion_rules (version),
    reason TEXT,
    raised_at BIGINT NOT NULL,
    raised_by BIGINT REFERENCES user_account (id),
    -- How it ended: the customer calmed down, it was a mistake, or a stronger one took its place.
    ended TEXT CHECK (ended IN ('calmed', 'mistaken', 'raised')),
    ended_at BIGINT,
    ended_by BIGINT REFERENCES user_account (id),
    ended_reason TEXT,
    CHECK ((ended IS NULL) = (ended_at IS NULL)),
    CHECK (source <> 'words' OR (words IS NOT NULL AND rules_version IS NOT NULL))
);
CREATE UNIQUE INDEX emotion_flag_stands ON emotion_flag (case_id) WHERE ended_at IS NULL;
CREATE INDEX emotion_flag_case ON emotion_flag (case_id, raised_at);
-- What was ticked at intake before there were flags.
INSERT INTO emotion_flag (id, case_id, level, source, raised_at, raised_by)
SELECT id, id, 'upset', 'intake', created_at, created_by FROM service_case WHERE upset AND category IN ('open', 'waiting', 'resolved');

-- A case that somebody more senior is asked to take over.
CREATE TABLE emotion_handover (
    id {PK},
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    from_id BIGINT REFERENCES user_account (id),
    to_id BIGINT NOT NULL REFERENCES user_account (id),
    note TEXT,
    asked_at BIGINT NOT NULL,
    asked_by BIGINT REFERENCES user_account (id),
    accepted_at BIGINT,
    -- Asked somebody else instead, or the case was over first.
    dropped_at BIGINT,
    CHECK (accepted_at IS NULL OR dropped_at IS NULL)
);
CREATE UNIQUE INDEX emotion_handover_open ON emotion_handover (case_id) WHERE accepted_at IS NULL AND dropped_at IS NULL;
CREATE INDEX emotion_handover_case ON emotion_handover (case_id, asked_at);

-- A call-back after some hours by somebody else than the handler; the call itself has the same id in the call log.
CREATE TABLE emotion_call (
    id {PK},
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    caller_id BIGINT NOT NULL REFERENCES user_account (id),
    planned_at BIGINT NOT NULL,
    planned_by BIGINT REFERENCES user_account (id),
    due_at BIGINT NOT NULL,
    done_at BIGINT,
    done_by BIGINT REFERENCES user_account (id),
    note TEXT
);
CREATE UNIQUE INDEX emotion_call_open ON emotion_call (case_id) WHERE done_at IS NULL;
CREATE INDEX emotion_call_case ON emotion_call (case_id, planned_at);

-- A word of care for whoever took it, between the two of them and whoever leads the person.
CREATE TABLE emotion_care (
    id {PK},
    case_id BIGINT NOT NULL REFERENCES service_case (id),
    -- Where the person works.
    store_id BIGINT NOT NULL REFERENCES org_unit (id),
    to_id BIGINT NOT NULL REFERENCES user_account (id),
    by_id BIGINT NOT NULL REFERENCES user_account (id),
    text TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    read_at BIGINT
);
CREATE INDEX emotion_care_to ON emotion_care (to_id, written_at, id);
CREATE INDEX emotion_care_by ON emotion_care (by_id, written_at, id);
CREATE INDEX emotion_care_store ON emotion_care (store_id, written_at, id);

-- Calls that somebody planned instead of missing them: why, who calls, and who may not.
ALTER TABLE phone_call ADD COLUMN purpose TEXT;
ALTER TABLE phone_call ADD COLUMN caller_id BIGINT;
ALTER TABLE phone_call ADD COLUMN not_caller_id BIGINT;

-- The inbox knows who is upset.
ALTER TABLE feedback_item ADD COLUMN upset BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE feedback_item SET upset = TRUE WHERE case_id IN (SELECT id FROM service_case WHERE upset);
