-- What a stored file is to its record, and which part of the record it belongs to (a message of a case, a revision of a plan).
ALTER TABLE file ADD COLUMN purpose TEXT NOT NULL DEFAULT 'attachment' CHECK (purpose IN ('attachment', 'signature'));
ALTER TABLE file ADD COLUMN part_id BIGINT;
