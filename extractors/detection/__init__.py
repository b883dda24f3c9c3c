"""From an article's text to its mentions: transfers of arms and official reactions, each field with its evidence."""

from extractors.detection.detector import Detector, build_detector

__all__ = ["Detector", "build_detector"]
