"""Reads the configuration with everything that can be checked before a run: files, feeds, lexicon rows."""

from __future__ import annotations

from pathlib import Path

from domain.settings_files import Configuration, read_configuration
from extractors.urls import canonical_url


def load_configuration(path: Path) -> Configuration:
    """The configuration of monitor.yaml at `path`.

    Raises:
        ConfigError: at the first thing wrong, with file and line.
    """
    configuration = read_configuration(path, canonical_url)
    if configuration.settings.detection.lexicon:
        from extractors.detection.lexicons import load_lexicons

        load_lexicons(configuration.settings.detection.lexicon)
    return configuration
