-- Working calendars and the clocks that run on them.
--
-- Calendar data is never overwritten: each row is valid from the edition "since" up to, not including, the edition "until".
-- So every version that a clock was ever judged by can be built again.

-- One row. Every edit of calendar data gives it the next edition and a new random token, which names the state in memory.
CREATE TABLE calendar_edition (
  only_row BIGINT NOT NULL PRIMARY KEY CHECK (only_row = 1),
  edition BIGINT NOT NULL,
  token BIGINT NOT NULL
);
INSERT INTO calendar_edition (only_row, edition, token) VALUES (1, 0, 0);

CREATE TABLE calendar (
  id {PK},
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  zone TEXT NOT NULL,
  -- Whether public holidays are rest days.
  holidays BOOLEAN NOT NULL,
  -- The calendar of stores that were given none.
  fallback BOOLEAN NOT NULL,
  since BIGINT NOT NULL
);
CREATE UNIQUE INDEX calendar_fallback ON calendar (fallback) WHERE fallback;

-- The ordinary week, as "mon-fri 09:00-12:00,13:30-18:00; sat 10:00-16:00", from a day on.
CREATE TABLE calendar_pattern (
  id {PK},
  calendar_id BIGINT NOT NULL REFERENCES calendar (id),
  from_day TEXT NOT NULL,
  pattern TEXT NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT
);
CREATE UNIQUE INDEX calendar_pattern_now ON calendar_pattern (calendar_id, from_day) WHERE until IS NULL;

-- Years whose public holidays are complete.
CREATE TABLE calendar_year (
  year BIGINT NOT NULL PRIMARY KEY,
  since BIGINT NOT NULL
);

-- Public holidays and make-up days.
CREATE TABLE calendar_holiday (
  id {PK},
  day TEXT NOT NULL,
  -- Rest day: the code or name of its holiday.
  holiday TEXT,
  -- Make-up day: the weekday whose hours it works.
  worked_as TEXT CHECK (worked_as IN ('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')),
  since BIGINT NOT NULL,
  until BIGINT,
  CHECK ((holiday IS NULL) <> (worked_as IS NULL))
);
CREATE UNIQUE INDEX calendar_holiday_now ON calendar_holiday (day) WHERE until IS NULL;

-- Other hours on a single day: of a calendar (all who use it) or of one store, which wins.
CREATE TABLE calendar_override (
  id {PK},
  calendar_id BIGINT REFERENCES calendar (id),
  unit_id BIGINT REFERENCES org_unit (id),
  day TEXT NOT NULL,
  -- "09:00-12:00,13:30-18:00" or "closed".
  hours TEXT NOT NULL,
  note TEXT,
  since BIGINT NOT NULL,
  until BIGINT,
  CHECK ((calendar_id IS NULL) <> (unit_id IS NULL))
);
CREATE UNIQUE INDEX calendar_override_calendar ON calendar_override (calendar_id, day) WHERE until IS NULL AND unit_id IS NULL;
CREATE UNIQUE INDEX calendar_override_unit ON calendar_override (unit_id, day) WHERE until IS NULL AND calendar_id IS NULL;
CREATE INDEX calendar_override_all ON calendar_override (calendar_id, unit_id);
CREATE INDEX calendar_override_units ON calendar_override (unit_id);

-- Which calendar a unit works by; units below it follow.
CREATE TABLE store_calendar (
  unit_id BIGINT NOT NULL PRIMARY KEY REFERENCES org_unit (id),
  calendar_id BIGINT NOT NULL REFERENCES calendar (id)
);

-- A clock: the present state of its ledger, so that lists and sweeps need not read the ledger.
CREATE TABLE clock (
  id {PK},
  record_kind TEXT NOT NULL,
  record_id BIGINT NOT NULL,
  stage TEXT NOT NULL,
  -- Whose calendar it runs on, unless calendar_code names one.
  store_id BIGINT NOT NULL REFERENCES org_unit (id),
  calendar_code TEXT,
  calendar_id BIGINT NOT NULL REFERENCES calendar (id),
  calendar_version BIGINT NOT NULL,
  policy_code TEXT NOT NULL,
  policy_version BIGINT NOT NULL,
  -- Milliseconds, days or an instant, by unit.
  unit TEXT NOT NULL CHECK (unit IN ('working', 'natural', 'working-days', 'calendar-days', 'fixed')),
  amount BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'stopped')),
  started_at BIGINT NOT NULL,
  -- Both unknown while a pause keeps them open.
  due_at BIGINT,
  warn_at BIGINT,
  -- The next instant at which somebody is to be told something, and what was told last.
  next_at BIGINT,
  told TEXT NOT NULL CHECK (told IN ('nothing', 'warned', 'breached')),
  breached_at BIGINT,
  paused_at BIGINT,
  pause_reason TEXT,
  stopped_at BIGINT,
  outcome TEXT CHECK (outcome IN ('met', 'late', 'cancelled')),
  entries BIGINT NOT NULL,
  version BIGINT NOT NULL,
  CHECK ((state = 'stopped') = (stopped_at IS NOT NULL)),
  CHECK ((stopped_at IS NULL) = (outcome IS NULL)),
  CHECK (state <> 'paused' OR paused_at IS NOT NULL)
);
CREATE INDEX clock_record ON clock (record_kind, record_id);
CREATE INDEX clock_next ON clock (next_at, id) WHERE next_at IS NOT NULL AND stopped_at IS NULL;
CREATE INDEX clock_open ON clock (id) WHERE stopped_at IS NULL;

-- The ledger. Rows are only ever added.
CREATE TABLE clock_entry (
  clock_id BIGINT NOT NULL REFERENCES clock (id),
  seq BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('start', 'pause', 'resume', 'change', 'stop')),
  -- When it took effect, and when it was entered.
  at BIGINT NOT NULL,
  entered_at BIGINT NOT NULL,
  entered_by BIGINT REFERENCES user_account (id),
  reason TEXT,
  policy_code TEXT,
  policy_version BIGINT,
  unit TEXT CHECK (unit IN ('working', 'natural', 'working-days', 'calendar-days', 'fixed')),
  amount BIGINT,
  day_end TEXT CHECK (day_end IN ('midnight', 'close')),
  roll BOOLEAN,
  -- Basis points, "7500,10000".
  warn_shares TEXT,
  calendar_id BIGINT REFERENCES calendar (id),
  -- The store whose exceptional days count; none for a calendar that was named.
  calendar_unit BIGINT REFERENCES org_unit (id),
  calendar_version BIGINT,
  outcome TEXT CHECK (outcome IN ('met', 'cancelled')),
  PRIMARY KEY (clock_id, seq),
  CHECK (kind <> 'start' OR (unit IS NOT NULL AND calendar_id IS NOT NULL)),
  CHECK ((unit IS NULL) = (amount IS NULL)),
  CHECK ((calendar_id IS NULL) = (calendar_version IS NULL)),
  CHECK ((kind = 'stop') = (outcome IS NOT NULL)),
  CHECK (kind <> 'pause' OR reason IS NOT NULL)
);
