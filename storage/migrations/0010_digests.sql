-- The digests that were made: each tells a period once.
CREATE TABLE digests (
    -- Which digest, and up to when it tells; it begins where the one before ended.
    name  VARCHAR NOT NULL,
    until TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (name, until),

    made_at TIMESTAMPTZ NOT NULL
);
