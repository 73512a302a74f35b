-- What came with the unit (随机附件), so that nobody argues at hand-back.
ALTER TABLE service_case ADD COLUMN accessories TEXT;
