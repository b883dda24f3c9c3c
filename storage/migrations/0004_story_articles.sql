-- Each article of a story keeps what it says itself (domain/alerting.py, StoryArticle), and the
-- story's transfers and reactions follow from those. Of stories made before, the first article is
-- taken to have said all that is known.
UPDATE stories
SET document = json_merge_patch(
    document,
    json_object('articles', list_prepend(
        json_merge_patch(
            document -> '$.articles[0]',
            json_object('transfers', document -> '$.transfers', 'reactions', document -> '$.reactions')
        ),
        (document -> '$.articles[*]')[2:]
    ))
)
WHERE json_array_length(document, '$.articles') > 0
  AND NOT json_exists(document, '$.articles[0].transfers');
