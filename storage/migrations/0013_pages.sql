-- The pages that articles were extracted from, to be extracted again by a later version.

CREATE TABLE pages (
    article_id   VARCHAR PRIMARY KEY,
    -- Which entry of the article's feed it was fetched for.
    entry        VARCHAR NOT NULL,

    -- Where it came from in the end, when it was stored, and the headers that extraction reads.
    url          VARCHAR NOT NULL,
    fetched_at   TIMESTAMPTZ NOT NULL,
    content_type VARCHAR NOT NULL,
    served       VARCHAR NOT NULL,

    -- The body, compressed by zstd, and the version of the extractor that read it last.
    body         BLOB NOT NULL,
    extractor    INTEGER NOT NULL
);
