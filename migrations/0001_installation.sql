-- What belongs to the installation as a whole.

-- Settings of the company that are not rows of a capability, e.g. its zone.
CREATE TABLE installation (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- The node number that each running program writes into the ids it makes.
CREATE TABLE node_lease (
  node {PK},
  holder TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
