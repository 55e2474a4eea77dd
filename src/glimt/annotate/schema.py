"""The tables of a project, as steps from each version of the file to the next."""

FIRST = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE frame (
  number INTEGER PRIMARY KEY,
  id TEXT UNIQUE NOT NULL,
  file TEXT NOT NULL,
  page INT,
  sequence TEXT NOT NULL,
  position INT NOT NULL,
  rows INT, cols INT, bits INT,
  missing INT NOT NULL DEFAULT 0,
  verdict TEXT,
  reason TEXT NOT NULL DEFAULT '',
  revision INT NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE target (
  uuid TEXT PRIMARY KEY,
  frame INTEGER NOT NULL REFERENCES frame,
  track TEXT NOT NULL,
  seeds TEXT NOT NULL,
  negatives TEXT NOT NULL,
  top INT, "left" INT, bottom INT, "right" INT,
  runs BLOB,
  area INT NOT NULL,
  "row" REAL, col REAL, radius REAL, scr REAL, rho REAL, polarity INT, quality REAL,
  doubt REAL NOT NULL,
  source TEXT NOT NULL,
  options TEXT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  revision INT NOT NULL,
  deleted INT NOT NULL,
  author TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE TABLE op (
  number INTEGER PRIMARY KEY,
  frame INTEGER NOT NULL REFERENCES frame,
  author TEXT NOT NULL,
  at TEXT NOT NULL,
  key TEXT NOT NULL,
  kind TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  turns INTEGER REFERENCES op,
  state TEXT NOT NULL DEFAULT 'done',
  UNIQUE (author, key)
) STRICT;
CREATE TABLE lease (frame INTEGER PRIMARY KEY REFERENCES frame, author TEXT NOT NULL, until REAL NOT NULL) STRICT;
CREATE INDEX frame_position ON frame (position);
CREATE INDEX frame_sequence ON frame (sequence, position);
CREATE INDEX target_frame ON target (frame, status) WHERE deleted = 0;
CREATE INDEX target_doubt ON target (status, doubt DESC, uuid) WHERE deleted = 0;
CREATE INDEX op_frame ON op (frame, author, number);
"""

STEPS: tuple[str, ...] = (FIRST,)  # STEPS[i] leads from version i to version i + 1
