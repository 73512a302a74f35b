-- What one has asked for oneself: open questions before those that are over, each the newest first (platform/approvals).
CREATE INDEX approval_own ON approval
    (asked_by, (CASE WHEN state = 'asked' THEN asked_at + 4503599627370496 ELSE asked_at END), id);
