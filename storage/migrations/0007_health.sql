-- Which troubles of feeds ops were told of.

CREATE TABLE episodes (
    -- Which trouble: of which feed, what kind (failing, silent, retired), and since when.
    feed     VARCHAR NOT NULL,
    state    VARCHAR NOT NULL,
    began_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (feed, state, began_at),

    -- What was told, under which name, and when; when it was over (NULL: it goes on).
    name     VARCHAR NOT NULL,
    why      VARCHAR NOT NULL,
    told_at  TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ
);
