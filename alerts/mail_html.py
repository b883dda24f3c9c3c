"""HTML as mail clients need it: every style at its element, for Outlook and some Gmail apps read no others."""

from __future__ import annotations

from functools import cache
from typing import Any

import css_inline

from alerts.templating import html_template


def mail_html(template: str, **values: Any) -> str:
    """The template rendered, its styles at the elements; @media rules stay in the head."""
    return _inliner().inline(html_template(template).render(**values).lstrip())


@cache
def _inliner() -> css_inline.CSSInliner:
    # Left to itself it would fetch stylesheets that a document links to.
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
