"""From bytes to mentions: fetching, feeds, articles, detection."""
