-- Whether search knows the channel; those that were registered before it could are made findable by a job.
ALTER TABLE channel ADD COLUMN indexed BOOLEAN NOT NULL DEFAULT FALSE;
