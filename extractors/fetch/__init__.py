"""The only inbound network: feeds, pages and robots.txt by HTTP."""

from extractors.fetch.client import Fetcher
from extractors.fetch.politeness import body_hash, is_due, is_our_network
from extractors.fetch.turns import Clock

__all__ = ["Clock", "Fetcher", "body_hash", "is_due", "is_our_network"]
