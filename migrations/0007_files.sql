-- Stored files (platform/files). The bytes lie in the object store under their SHA-256.

-- One row per content. It is written before the bytes, so that a content without any file is found and collected, and the
-- row's state keeps the collector and a new upload of the same content apart.
CREATE TABLE file_object (
  digest TEXT PRIMARY KEY,
  size BIGINT NOT NULL CHECK (size >= 0),
  state TEXT NOT NULL CHECK (state IN ('kept', 'doomed')),
  -- When somebody last meant to use it; the collector leaves young contents alone.
  touched_at BIGINT NOT NULL
);

CREATE TABLE file (
  id {PK},
  digest TEXT NOT NULL,
  size BIGINT NOT NULL CHECK (size >= 0),
  -- The media type that was found in the bytes.
  kind TEXT NOT NULL CHECK (kind IN ('image/jpeg', 'image/png', 'application/pdf', 'text/plain')),
  -- Personal: emptied when the record is erased.
  name TEXT NOT NULL,
  width BIGINT,
  height BIGINT,
  record_kind TEXT NOT NULL,
  record_id BIGINT NOT NULL,
  store_id BIGINT,
  visibility TEXT NOT NULL CHECK (visibility IN ('public', 'internal')),
  created_by BIGINT,
  created_at BIGINT NOT NULL,
  deleted_at BIGINT,
  -- From when on the content may be collected; set with deleted_at.
  purge_at BIGINT
);
CREATE INDEX file_record ON file (record_kind, record_id, id);
CREATE INDEX file_digest ON file (digest);
