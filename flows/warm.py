"""Imported by the fork server alone, before it forks workers: what it loads, they share."""

import extractors.articles
import extractors.feeds  # noqa: F401 -- imported to be there
from extractors.articles import extract_html
from flows.workers import share_detector

share_detector()
# trafilatura and the language model are loaded when first used.
extract_html(b"<html><body><article><p>Warm.</p></article></body></html>", "http://warm.invalid/")
