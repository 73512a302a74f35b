-- One inbox: by which kind of channel a text came, in which language, how urgent it is, and what was screened out as spam or as a copy.
ALTER TABLE feedback_item ADD COLUMN source TEXT NOT NULL DEFAULT 'counter';
ALTER TABLE feedback_item ADD COLUMN language TEXT NOT NULL DEFAULT 'other';
-- Words of danger stand in the text.
ALTER TABLE feedback_item ADD COLUMN danger BOOLEAN NOT NULL DEFAULT FALSE;
-- The nearest deadline of the case, kept in step with it.
ALTER TABLE feedback_item ADD COLUMN due_at BIGINT;
-- The place among undecided texts: danger, then upset customers, then the nearest deadline.
ALTER TABLE feedback_item ADD COLUMN turn BIGINT NOT NULL DEFAULT 0;
-- What is shown: decided, or else suggested.
ALTER TABLE feedback_item ADD COLUMN shown_category TEXT;
ALTER TABLE feedback_item ADD COLUMN shown_sentiment TEXT;
-- 'spam' or 'copy' while it waits apart, and of which case it is a copy. Kept: a person put it back, and the program leaves it there.
ALTER TABLE feedback_item ADD COLUMN screened TEXT;
ALTER TABLE feedback_item ADD COLUMN copy_of BIGINT;
ALTER TABLE feedback_item ADD COLUMN kept BOOLEAN NOT NULL DEFAULT FALSE;

UPDATE feedback_item SET
    source = COALESCE((SELECT channel.kind FROM service_case JOIN channel ON channel.id = service_case.via_id WHERE service_case.id = feedback_item.case_id),
        CASE channel WHEN 'phone' THEN 'phone' WHEN 'web' THEN 'web_form' WHEN 'mail' THEN 'mailbox' WHEN 'api' THEN 'webhook'
            WHEN 'qr' THEN 'qr_poster' WHEN 'import' THEN 'import' ELSE 'counter' END),
    language = CASE WHEN suggestions LIKE '%"language":"chinese"%' THEN 'chinese' WHEN suggestions LIKE '%"language":"english"%' THEN 'english' ELSE 'other' END,
    danger = suggestions IS NOT NULL AND suggestions NOT LIKE '%"urgent":[]%',
    due_at = (SELECT due_at FROM service_case WHERE id = feedback_item.case_id),
    shown_category = category, shown_sentiment = sentiment;
UPDATE feedback_item SET source = 'patrol' WHERE case_id IN (SELECT case_id FROM patrol_entry WHERE case_id IS NOT NULL);
UPDATE feedback_item SET turn =
    CASE WHEN danger THEN 0 WHEN upset THEN 10000000000000 ELSE 20000000000000 END
    + CASE WHEN due_at IS NULL OR due_at > 9000000000000 THEN received_at + 604800000 ELSE due_at END;
-- Undecided texts are read once more, so that what is suggested can be filtered by.
UPDATE feedback_item SET suggested_at = NULL WHERE labelled_at IS NULL;

CREATE INDEX feedback_item_turn ON feedback_item (turn, case_id) WHERE labelled_at IS NULL AND screened IS NULL;
CREATE INDEX feedback_item_turn_store ON feedback_item (store_id, turn, case_id) WHERE labelled_at IS NULL AND screened IS NULL;
CREATE INDEX feedback_item_screened ON feedback_item (received_at, case_id) WHERE labelled_at IS NULL AND screened IS NOT NULL;
