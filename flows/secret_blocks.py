"""Secrets from the environment or, where a Prefect API is configured, from Prefect Secret blocks."""

from __future__ import annotations

import os

from domain.secret_texts import SecretLookup, from_environment


def from_environment_or_block(name: str) -> str | None:
    """The value of SLACK_WEBHOOK_URL from the environment, else from the Secret block "slack-webhook-url"."""
    value = from_environment(name)
    if value is not None:
        return value
    from prefect.blocks.system import Secret
    from prefect.exceptions import ObjectNotFound

    block_name = name.lower().replace("_", "-")
    try:
        # Prefect raises ValueError for a block that does not exist.
        secret = Secret.load(block_name, _sync=True)
    except (ValueError, ObjectNotFound):
        return None
    return str(secret.get()) or None


def secrets_at_hand() -> SecretLookup:
    """The environment and, where a Prefect API is configured, its Secret blocks."""
    return from_environment_or_block if os.environ.get("PREFECT_API_URL") else from_environment
