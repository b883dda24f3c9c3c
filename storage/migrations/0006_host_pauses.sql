-- Hosts that asked to be left alone (429, or 403 again and again): no run asks them before then.

CREATE TABLE host_pauses (
    host         VARCHAR PRIMARY KEY,
    paused_until TIMESTAMPTZ NOT NULL,
    reason       VARCHAR NOT NULL      -- what it answered, in words
);
