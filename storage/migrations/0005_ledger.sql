-- The ledger of deliveries learns to be shared: leases, notices beside alerts, channels that are gone.

-- What a delivery tells: an alert, or a notice of armswire's own. Of a notice, alert_id is its id,
-- watch its sender, story_id its topic and version its number in the topic.
ALTER TABLE deliveries ADD COLUMN kind VARCHAR DEFAULT 'alert';

-- Who holds it for sending (host/process/start), and until when; both NULL when nobody does.
ALTER TABLE deliveries ADD COLUMN lease_owner VARCHAR;
ALTER TABLE deliveries ADD COLUMN lease_expires_at TIMESTAMPTZ;

-- What the receiver calls the message (Slack's ts), so that later ones can follow it up.
ALTER TABLE deliveries ADD COLUMN handle VARCHAR;

-- When it was put into the outbox, or put back by hand; NULL for those of before: see the alert.
ALTER TABLE deliveries ADD COLUMN queued_at TIMESTAMPTZ;

CREATE TABLE notices (
    -- What armswire itself had to tell (domain/alerting.py, Notice).
    id         VARCHAR PRIMARY KEY,
    title      VARCHAR NOT NULL,
    document   JSON NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE disabled_channels (
    -- A channel whose receiver said that it does not exist any more; what waits for it is kept.
    channel     VARCHAR PRIMARY KEY,
    reason      VARCHAR NOT NULL,
    disabled_at TIMESTAMPTZ NOT NULL
);
