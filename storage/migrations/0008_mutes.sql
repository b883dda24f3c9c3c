-- What analysts do not want to hear of for a while.
CREATE TABLE mutes (
    -- Which mute: a hash of its kind and value; and what it silences: a story (its id), a party (a
    -- code or an actor's name) or a publisher (an outlet's name).
    id    VARCHAR PRIMARY KEY,
    kind  VARCHAR NOT NULL CHECK (kind IN ('story', 'party', 'publisher')),
    value VARCHAR NOT NULL,

    -- From when to when, and why.
    created_at TIMESTAMPTZ NOT NULL,
    until      TIMESTAMPTZ NOT NULL,
    note       VARCHAR
);
