CREATE TABLE feedback (
    -- Which alert, and when an analyst judged it; the last judgement counts.
    alert_id VARCHAR NOT NULL,
    given_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (alert_id, given_at),

    -- What they said (domain/feedback.py); `fields` are what is wrong.
    verdict VARCHAR NOT NULL CHECK (verdict IN ('relevant', 'irrelevant', 'wrong')),
    fields  VARCHAR[] NOT NULL,
    note    VARCHAR
);
