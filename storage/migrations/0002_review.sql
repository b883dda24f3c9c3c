-- Which route found a mention, and the review list: what one route alone proposes, for a person to
-- decide.

-- rules, encoder or both; everything found before was found by the rules.
ALTER TABLE transfers ADD COLUMN route VARCHAR NOT NULL DEFAULT 'rules';
ALTER TABLE reactions ADD COLUMN route VARCHAR NOT NULL DEFAULT 'rules';

CREATE TABLE proposals (
    -- Which proposal: a hash of its article and its place (kind, n from 0) among what was proposed
    -- of it.
    id         VARCHAR PRIMARY KEY,
    article_id VARCHAR NOT NULL,
    kind       VARCHAR NOT NULL CHECK (kind IN ('transfer', 'reaction')),
    n          INTEGER NOT NULL,

    -- The transfer or reaction as it was proposed (domain/mentions.py), and when.
    mention     JSON NOT NULL,
    proposed_at TIMESTAMPTZ NOT NULL,

    -- What a person made of it; NULL while it waits.
    decision   VARCHAR CHECK (decision IN ('accepted', 'refused')),
    decided_at TIMESTAMPTZ
);
