"""An outlet's pages: each kind of site in a markup of its own, with the clutter of its kind."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import jinja2

from flows.demo.feed_documents import CONTENT_TYPES
from flows.demo.outlets import Outlet, SampleArticle
from flows.demo.rendering import environment

ROBOTS = b"User-agent: *\nAllow: /\n"


def article_page(
    article: SampleArticle, related: Sequence[SampleArticle], base: str, *, menu: int = 0
) -> bytes:
    """The article's page (UTF-8 HTML), with the titles of `related` around it and a site map of about `menu` links.

    An article without text gets a page that holds its headline and nothing else.
    """
    name = article.outlet.kind if article.paragraphs else "headline"
    page = _render(
        name, article.outlet, base, article=article, related=related, url=article.url(base)
    )
    if menu:
        site_map = _render("site_map", article.outlet, base, links=menu)
        page = page.replace(b"</body>", site_map + b"</body>")
    return page


def index_page(outlet: Outlet, articles: Sequence[SampleArticle], base: str) -> bytes:
    """The outlet's front page: the titles of `articles`, in their order."""
    return _render("index", outlet, base, articles=articles)


def _render(name: str, outlet: Outlet, base: str, **values: object) -> bytes:
    text = (
        _templates()
        .get_template(f"{name}.html.j2")
        .render(
            outlet=outlet,
            base=base,
            home=f"{base}/{outlet.id}/",
            feed_type=CONTENT_TYPES[outlet.feed].partition(";")[0],
            **values,
        )
    )
    return text.encode()


@cache
def _templates() -> jinja2.Environment:
    return environment("page_templates")
