-- Background work (platform/jobs). One row is one piece of work that a transaction asked for.
-- tries counts claims, so (id, tries) names one attempt and fences off an attempt whose lease is over.
CREATE TABLE job (
  id {PK},
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  -- The same key waits at most once; running and finished jobs do not count.
  dedup TEXT,
  run_at BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'dead')),
  tries BIGINT NOT NULL CHECK (tries >= 0),
  claimed_by TEXT,
  claimed_until BIGINT,
  last_error TEXT,
  created_at BIGINT NOT NULL,
  finished_at BIGINT
);
CREATE UNIQUE INDEX job_dedup ON job (dedup) WHERE state = 'waiting';
CREATE INDEX job_waiting ON job (run_at, id) WHERE state = 'waiting';
CREATE INDEX job_running ON job (claimed_until, id) WHERE state = 'running';
CREATE INDEX job_kind ON job (kind, state) WHERE state IN ('waiting', 'running');
CREATE INDEX job_done ON job (finished_at, id) WHERE state = 'done';
CREATE INDEX job_dead ON job (id) WHERE state = 'dead';

-- The last slot of each periodic job that some node has planned; the row's lock makes one node plan it.
CREATE TABLE job_schedule (
  kind TEXT PRIMARY KEY,
  slot BIGINT NOT NULL
);
