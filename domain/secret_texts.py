"""Secrets as settings name them: a template such as "${SMTP_URL}", resolved only by who dials out.

The template is what a repr, a log or an error may show; a secret written into the settings in the clear is shown as "***".
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from domain.errors import SecretMissing

_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

SecretLookup = Callable[[str], str | None]
"""From a secret's name to its value, None when it is set nowhere."""


def from_environment(name: str) -> str | None:
    """The lookup that knows only the environment. An empty variable counts as not set."""
    return os.environ.get(name) or None


class SecretText:
    """A text that may hold `${NAME}` references. Nothing shows its value but `resolve`."""

    def __init__(self, template: str) -> None:
        self._template = template

    @property
    def names(self) -> tuple[str, ...]:
        """The names it refers to."""
        return tuple(_REFERENCE.findall(self._template))

    def resolve(self, lookup: SecretLookup, *, used_by: str) -> str:
        """The value, every reference replaced.

        Raises:
            SecretMissing: a name is set nowhere; `used_by` tells the user what needs it ("channel desk").
        """

        def value_of(found: re.Match[str]) -> str:
            value = lookup(found[1])
            if value is None:
                msg = (
                    f"{used_by} needs the secret {found[1]}, which is not set: export {found[1]}=… "
                    "or store it as a Prefect Secret block"
                )
                raise SecretMissing(msg)
            return value

        return _REFERENCE.sub(value_of, self._template)

    def __repr__(self) -> str:
        only_references = _REFERENCE.fullmatch(self._template)
        return f"SecretText({self._template if only_references else '***'!r})"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SecretText) and other._template == self._template

    def __hash__(self) -> int:
        return hash(self._template)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls._validate)

    @classmethod
    def _validate(cls, value: Any) -> SecretText:
        if isinstance(value, SecretText):
            return value
        if not isinstance(value, str) or not value.strip():
            # The value itself stays out of the message: it may be the secret.
            msg = "must be a text, such as ${SLACK_WEBHOOK_URL}"
            raise ValueError(msg)
        return cls(value)
