-- Search: one row per piece of text, newest first by id. What is looked up (FTS5 or a tsvector) is derived from these rows.
CREATE TABLE search_piece (
    id {PK},
    record_kind TEXT NOT NULL,
    record_id BIGINT NOT NULL,
    piece BIGINT NOT NULL,
    store_id BIGINT NOT NULL,
    team_id BIGINT,
    owner_id BIGINT,
    -- Codes in blanks: ' 13800138000 8000 '.
    codes TEXT NOT NULL,
    -- The text as it is compared: lower case, half width, punctuation gone.
    folded TEXT NOT NULL,
    -- The text as it was written, for the lines around a hit.
    body TEXT NOT NULL,
    UNIQUE (record_kind, record_id, piece)
);

-- The newest pieces of one store, one team, one person.
CREATE INDEX search_piece_store ON search_piece (store_id, id);
CREATE INDEX search_piece_team ON search_piece (team_id, id) WHERE team_id IS NOT NULL;
CREATE INDEX search_piece_owner ON search_piece (owner_id, id) WHERE owner_id IS NOT NULL;

-- What is looked up. No positions: candidates are confirmed on search_piece.folded.
-- @sqlite
CREATE VIRTUAL TABLE search_index USING fts5 (tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
-- @postgres
CREATE TABLE search_index (
    rowid BIGINT PRIMARY KEY,
    tokens TSVECTOR NOT NULL
);
-- The list of pending entries that every search reads, half as long as by default; a shorter one makes writing much dearer.
CREATE INDEX search_index_tokens ON search_index USING gin (tokens) WITH (fastupdate = on, gin_pending_list_limit = 2048);
-- @both
