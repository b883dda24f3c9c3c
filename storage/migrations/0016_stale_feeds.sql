-- The newest date among the entries a feed listed when it first answered, if that was old even then.
ALTER TABLE feeds ADD COLUMN stale_since TIMESTAMPTZ;
