-- How much of an article we have is told in finer words, and its time of publication with its
-- precision.

UPDATE articles SET completeness = CASE completeness
    WHEN 'headline' THEN 'blocked'
    WHEN 'partial' THEN CASE method WHEN 'feed' THEN 'feed_text' ELSE 'teaser' END
    ELSE completeness
END;
UPDATE article_versions SET completeness = CASE completeness
    WHEN 'headline' THEN 'blocked'
    WHEN 'partial' THEN CASE method WHEN 'feed' THEN 'feed_text' ELSE 'teaser' END
    ELSE completeness
END;

-- minute or day (then `published` is that day's first moment); the words the time was read from.
ALTER TABLE articles ADD COLUMN precision VARCHAR;
ALTER TABLE articles ADD COLUMN stated VARCHAR;
