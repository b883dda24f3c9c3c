-- The memory of armswire: feeds and their entries (the queue), articles with what they say,
-- stories, alerts and the ledger of deliveries (the outbox).
--
-- No foreign keys: DuckDB then refuses updates of a parent's list columns. Every table is written
-- by storage/ alone, in transactions that keep the references whole. All times are UTC.
-- Vocabularies are text, because a DuckDB enum cannot grow.

CREATE TABLE schema_version (
    -- One row per migration applied; the largest is the version of this file.
    version    INTEGER PRIMARY KEY,
    name       VARCHAR NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE feeds (
    -- Which feed: its canonical URL, and the facts feeds.yaml stated when it was last polled.
    key       VARCHAR PRIMARY KEY,
    url       VARCHAR NOT NULL,
    name      VARCHAR NOT NULL,
    publisher VARCHAR,
    country   VARCHAR,            -- ISO 3166-1 alpha-2
    language  VARCHAR,
    tier      VARCHAR,
    tags      VARCHAR[] NOT NULL,

    -- Validators for the next conditional GET; they advance only together with the entries they
    -- validate.
    etag          VARCHAR,
    last_modified VARCHAR,
    body_hash     VARCHAR,

    -- How polling has gone.
    polls             INTEGER NOT NULL,
    last_polled_at    TIMESTAMPTZ,
    last_success_at   TIMESTAMPTZ,
    last_new_entry_at TIMESTAMPTZ,
    failing_since     TIMESTAMPTZ,
    failures          INTEGER NOT NULL, -- in a row
    last_error        VARCHAR
);

CREATE TABLE entries (
    -- Which entry: its identity within its feed.
    feed VARCHAR NOT NULL,
    key  VARCHAR NOT NULL,
    PRIMARY KEY (feed, key),

    -- Where it points: the canonical URL (known once, whichever feed names it) and the link and
    -- guid as published.
    url  VARCHAR,
    link VARCHAR,
    guid VARCHAR,

    -- What the feed says of it; `text` is without markup.
    title     VARCHAR NOT NULL,
    text      VARCHAR NOT NULL,
    published TIMESTAMPTZ,
    author    VARCHAR,
    language  VARCHAR,

    -- Its place in the queue: pending until an article is made of it, or until it is given up as
    -- failed.
    state         VARCHAR NOT NULL CHECK (state IN ('pending', 'done', 'failed')),
    attempts      INTEGER NOT NULL,
    last_error    VARCHAR,
    first_seen_at TIMESTAMPTZ NOT NULL,
    run_id        VARCHAR         -- the run that polled it
);

CREATE TABLE articles (
    -- Which article: a hash of its canonical URL, stable over all databases.
    id  VARCHAR PRIMARY KEY,
    url VARCHAR NOT NULL UNIQUE,

    -- What was extracted. Evidence offsets count in `title || chr(10) || chr(10) || body`.
    title     VARCHAR NOT NULL,
    body      VARCHAR NOT NULL,
    published TIMESTAMPTZ,
    author    VARCHAR,
    language  VARCHAR,

    -- Who published it, as feeds.yaml says; the feed is NULL for an article that was handed in.
    outlet  VARCHAR,
    feed    VARCHAR,
    country VARCHAR,
    tier    VARCHAR,

    -- How much of it we have (full, partial, headline), where its body came from (trafilatura,
    -- feed, given), and why it is not full.
    completeness VARCHAR NOT NULL,
    method       VARCHAR NOT NULL,
    note         VARCHAR,

    -- What detection made of it; its near-duplicate sketch is a JSON list of numbers.
    relevant BOOLEAN NOT NULL,
    score    DOUBLE NOT NULL,     -- 0 to 1
    sketch   JSON NOT NULL,

    -- When it was stored, and the story it tells.
    stored_at TIMESTAMPTZ NOT NULL,
    story_id  VARCHAR
);

CREATE TABLE transfers (
    -- The n-th transfer found in an article, from 0.
    article_id VARCHAR NOT NULL,
    n          INTEGER NOT NULL,
    PRIMARY KEY (article_id, n),

    -- Who to whom; NULL where the article does not say.
    supplier  VARCHAR,
    recipient VARCHAR,

    -- What: three lists of one length, as written, by standard designation, by category; NULL where
    -- unknown.
    systems      VARCHAR[] NOT NULL,
    designations VARCHAR[] NOT NULL,
    categories   VARCHAR[] NOT NULL,

    -- How far it has come, and what it is worth in the article's own words.
    stage    VARCHAR NOT NULL,
    value    VARCHAR,
    quantity VARCHAR,
    alleged  BOOLEAN NOT NULL,

    -- How sure we are (0 to 1), and on which words each field rests: [{field, start, end, text,
    -- rule}].
    confidence DOUBLE NOT NULL,
    evidence   JSON NOT NULL
);

CREATE TABLE reactions (
    -- The n-th reaction found in an article, from 0.
    article_id VARCHAR NOT NULL,
    n          INTEGER NOT NULL,
    PRIMARY KEY (article_id, n),

    -- Who speaks, and for whom.
    speaker     VARCHAR NOT NULL,
    affiliation VARCHAR,
    country     VARCHAR,

    -- What they make of the arms flow (oppose, support, neutral), and whether their direct speech
    -- is given.
    stance VARCHAR NOT NULL,
    quote  BOOLEAN NOT NULL,

    -- How sure we are (0 to 1), and on which words each field rests: [{field, start, end, text,
    -- rule}].
    confidence DOUBLE NOT NULL,
    evidence   JSON NOT NULL
);

CREATE TABLE stories (
    -- Which story, and which state of it: the version grows with every material change.
    id         VARCHAR PRIMARY KEY,
    headline   VARCHAR NOT NULL,
    version    INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,

    -- The whole story: its transfers, reactions and articles (domain/alerting.py, Story).
    document JSON NOT NULL
);

CREATE TABLE alerts (
    -- One watch x one story x one version.
    id       VARCHAR PRIMARY KEY,
    watch    VARCHAR NOT NULL,
    story_id VARCHAR NOT NULL,
    version  INTEGER NOT NULL,

    -- What changed, [{kind, text}], and the whole story as it stood then.
    changes    JSON NOT NULL,
    snapshot   JSON NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE deliveries (
    -- Which alert to whom. Watch, story and version repeat the alert's, so that the ledger reads by
    -- itself.
    id        VARCHAR PRIMARY KEY,
    alert_id  VARCHAR NOT NULL,
    watch     VARCHAR NOT NULL,
    story_id  VARCHAR NOT NULL,
    version   INTEGER NOT NULL,
    channel   VARCHAR NOT NULL,
    recipient VARCHAR NOT NULL,
    UNIQUE (alert_id, channel, recipient),

    -- The message: the same id however often it is sent, and the id of the message it follows up.
    message_id VARCHAR NOT NULL,
    thread_id  VARCHAR,

    -- Where it stands. A row found `sending` when a run begins was interrupted, and is sent again.
    state VARCHAR NOT NULL CHECK (
        state IN ('pending', 'sending', 'sent', 'retry', 'unknown', 'dead', 'superseded')
    ),
    attempts        INTEGER NOT NULL, -- answered ones
    next_attempt_at TIMESTAMPTZ,      -- NULL: at once
    last_error      VARCHAR,
    updated_at      TIMESTAMPTZ NOT NULL,
    sent_at         TIMESTAMPTZ
);

CREATE TABLE runs (
    -- One monitoring run; without an end it goes on or was killed.
    id          VARCHAR PRIMARY KEY,
    started_at  TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,

    -- Its counts and failures.
    outcome JSON
);
