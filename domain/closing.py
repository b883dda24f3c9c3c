"""What is used for a while and then let go of."""

from __future__ import annotations

from types import TracebackType
from typing import Self


class Closing:
    """Used in a `with` block, and closed at its end, however it ends. Subclasses say in `close` what that takes."""

    def close(self) -> None:
        """Lets go of what is held: nothing, unless a subclass holds something."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
