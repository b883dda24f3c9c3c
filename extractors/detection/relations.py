"""Who stands where: blocs and quarrels of states, where movements fight, which of them are one people, and who has armed
whom. The prior for who arms whom, and for what a third state thinks of it.
"""

from __future__ import annotations

from extractors.detection.lexicon_entries import Lexicons


class Relations:
    """The blocs and quarrels of the lexicon, each dated: they are of their time, and a row of one's own adds to them."""

    def __init__(self, lexicons: Lexicons) -> None:
        rows = lexicons.relations.values()
        self._blocs = [frozenset(r.members) for r in rows if r.kind == "bloc"]
        self._quarrels = {frozenset(r.members) for r in rows if r.kind == "quarrel"}
        self._kin = [frozenset(r.members) for r in rows if r.kind == "kin"]
        self._actors = lexicons.actors
        self._customers = {
            (supplier, row.recipient)
            for row in lexicons.suppliers.values()
            for supplier in row.suppliers
        }

    def standing(self, speaker: str | None, other: str | None) -> float:
        """1 when `speaker` sides with `other`, -1 when it is its rival, 0 when neither is known."""
        if speaker is None or other is None:
            return 0.0
        if speaker == other:
            return 1.0
        if frozenset((speaker, other)) in self._quarrels:
            return -1.0
        mine = [k for k, bloc in enumerate(self._blocs) if speaker in bloc]
        theirs = [k for k, bloc in enumerate(self._blocs) if other in bloc]
        if not mine or not theirs:
            return 0.0
        return 1.0 if mine == theirs else -1.0

    def customary(self, supplier: str | None, recipient: str | None) -> bool:
        """Whether `supplier` is known to have armed `recipient` since about 2000."""
        return (supplier, recipient) in self._customers

    def kin(self, movement: str | None) -> frozenset[str]:
        """Other names likely said of one movement: those of its people, unless they fight in another state."""
        seat = self.seat(movement)
        return frozenset(
            other
            for names in self._kin
            if movement in names
            for other in names - {movement}
            if seat is None or self.seat(other) in (None, seat)
        )

    def seats(self, code: str | None) -> frozenset[str]:
        """The states in which a movement, or one that its name may mean, fights."""
        found = (self.seat(c) for c in (code, *self.kin(code)))
        return frozenset(s for s in found if s is not None)

    def seat(self, code: str | None) -> str | None:
        """The state in which a movement fights, None for a state or a movement of which none is told."""
        actor = self._actors.get(code or "")
        return actor.country if actor is not None and not actor.state else None
