"""Who makes a weapon, and so who hardly sends it: its maker's rival."""

from __future__ import annotations

from domain.mentions import System
from extractors.detection.lexicon_entries import Lexicons
from extractors.detection.relations import Relations


class Makers:
    """The states that make the lexicon's systems."""

    def __init__(self, lexicons: Lexicons, relations: Relations) -> None:
        self._origins = {entry.id: frozenset(entry.origin) for entry in lexicons.systems.values()}
        self._relations = relations

    def is_rivals(self, system: System, supplier: str | None) -> bool:
        """Whether only rivals of `supplier` make `system`: F-35 beside Russia, Fateh-110 beside the United States."""
        origins = self.of(system)
        return bool(origins) and all(self._relations.standing(supplier, o) < 0 for o in origins)

    def is_everywhere(self, system: System) -> bool:
        """Whether its maker left it in the arsenals of half the world: Soviet arms come from Greece and Romania too."""
        return "RU" in self.of(system)

    def of(self, system: System) -> frozenset[str]:
        """The states that make it; none where the lexicon does not know it."""
        return self._origins.get(system.designation or "", frozenset())
