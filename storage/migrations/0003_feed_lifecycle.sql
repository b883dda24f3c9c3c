-- When each feed is polled next and why, what has become of its address, the history of its polls,
-- and edited entries as versions.

-- The next poll, why it is then, and what it is reckoned from: the time between polls that the
-- feed's news calls for, and the time in which its window of entries turns over.
ALTER TABLE feeds ADD COLUMN next_poll_at TIMESTAMPTZ;
ALTER TABLE feeds ADD COLUMN next_poll_reason VARCHAR;
ALTER TABLE feeds ADD COLUMN pace INTERVAL;
ALTER TABLE feeds ADD COLUMN turnover INTERVAL;

-- Its address as configured (the rest holds for that one alone), where it has moved for good, where
-- it seems to be moving, since when and how many polls said so, and when it answered 410.
ALTER TABLE feeds ADD COLUMN asked_url VARCHAR;
ALTER TABLE feeds ADD COLUMN moved_to VARCHAR;
ALTER TABLE feeds ADD COLUMN moving_to VARCHAR;
ALTER TABLE feeds ADD COLUMN moving_since TIMESTAMPTZ;
ALTER TABLE feeds ADD COLUMN moving_polls INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN retired_at TIMESTAMPTZ;

CREATE TABLE polls (
    -- Which poll of which feed.
    feed      VARCHAR NOT NULL,
    polled_at TIMESTAMPTZ NOT NULL,
    run_id    VARCHAR,

    -- How it ended (new, unchanged, failed), what was answered, how long it took and how much came
    -- (decompressed); NULL status: nobody answered.
    outcome VARCHAR NOT NULL,
    status  INTEGER,
    seconds DOUBLE NOT NULL,
    bytes   BIGINT NOT NULL,
    error   VARCHAR,

    -- What was in it.
    entries INTEGER NOT NULL,
    new     INTEGER NOT NULL,
    edited  INTEGER NOT NULL,

    -- What was decided.
    next_poll_at     TIMESTAMPTZ,
    next_poll_reason VARCHAR
);

-- An entry's version grows when its feed changes its words, and then it waits again; `fingerprint`
-- is of the words last seen (NULL: of before there were versions). `quiet`: it came with its feed's
-- first poll, so nobody is alerted to it.
ALTER TABLE entries ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE entries ADD COLUMN fingerprint VARCHAR;
ALTER TABLE entries ADD COLUMN edited_at TIMESTAMPTZ;
ALTER TABLE entries ADD COLUMN quiet BOOLEAN NOT NULL DEFAULT FALSE;

-- `articles` holds the latest version of each, `article_versions` those it replaced.
ALTER TABLE articles ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE articles ADD COLUMN edited_at TIMESTAMPTZ;

CREATE TABLE article_versions (
    -- Which version of which article, and from when to when it was the latest.
    article_id  VARCHAR NOT NULL,
    version     INTEGER NOT NULL,
    PRIMARY KEY (article_id, version),
    stored_at   TIMESTAMPTZ NOT NULL,
    replaced_at TIMESTAMPTZ NOT NULL,

    -- What it said, as in `articles`.
    title        VARCHAR NOT NULL,
    body         VARCHAR NOT NULL,
    published    TIMESTAMPTZ,
    author       VARCHAR,
    completeness VARCHAR NOT NULL,
    method       VARCHAR NOT NULL,
    note         VARCHAR,

    -- What detection made of it: {relevant, score, transfers, reactions}.
    mentions JSON NOT NULL
);
