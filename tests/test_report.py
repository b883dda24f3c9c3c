"""The HTML report."""

from __future__ import annotations

import re
from dataclasses import replace

from alerts.report import Count, FeedRow, Overview, render_report
from tests.story_samples import NOW, alert_on, full_story


def test_report_shows_everything() -> None:
    """Counts, alerts, stories with transfers, reactions and marked evidence, feeds and their failures."""
    story = full_story()
    html = render_report(
        Overview(
            made_at=NOW,
            counts=[Count(value=1234, label="articles")],
            alerts=[alert_on(story)],
            stories=[story],
            feeds=[
                FeedRow(name="Herald", url="https://h.example/feed", outcome="new", new=4),
                FeedRow(
                    name="Post",
                    url="https://p.example/feed",
                    outcome="failed",
                    failed=True,
                    note="answered 503",
                ),
            ],
        )
    )
    for words in ("1,234", "japan-patriot", "Japan → United States", "opposes", "answered 503"):
        assert words in html
    assert "<mark>hostile</mark>" in html
    assert "2, 1 failing" in html
    assert '<tr class="failed">' in html


def test_report_needs_nothing_else() -> None:
    """One file: no script, nothing fetched, a policy that forbids both, hostile text escaped."""
    story = replace(full_story(), headline="<img src=x onerror=alert(1)>")
    feed = FeedRow(name="</table><script>", url="javascript:x", outcome="<b>")
    html = render_report(Overview(made_at=NOW, stories=[story], feeds=[feed]))
    assert "<script" not in html
    assert "<img" not in html
    assert "javascript:" not in html
    assert not re.search(r"<[^>]*\ssrc=|@import|url\(|<link", html)
    assert "default-src 'none'" in html


def test_empty_report() -> None:
    """Before the first run the report says that there is nothing, in every section."""
    html = render_report(Overview(made_at=NOW))
    for words in ("No watch matched.", "No story yet.", "No feed."):
        assert words in html
