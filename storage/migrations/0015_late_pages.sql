-- An entry whose page could not be had, so that the feed's own text is its article, waits again at
-- `page_due_at`; `page_late` counts how often it has waited again.
ALTER TABLE entries ADD COLUMN page_due_at TIMESTAMPTZ;
ALTER TABLE entries ADD COLUMN page_late INTEGER NOT NULL DEFAULT 0;
