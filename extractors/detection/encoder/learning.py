"""How the encoder's tensors learn from batches: AdamW, a warm-up, a linear decline, clipped gradients."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

log = logging.getLogger(__name__)

WARM_UP = 0.06
LEAST_RATE = 0.02
"""Shares of all steps over which the rate rises, and of the rate that is left at the end. JUDGEMENT."""

Batch = TypeVar("Batch")


def learn(
    torch: Any,
    groups: Sequence[dict[str, Any]],
    epochs: Sequence[Sequence[Batch]],
    loss_of: Callable[[Batch], Any],
    after_step: Callable[[], None],
) -> None:
    """Goes through the batches of all `epochs`. `groups`: tensors with their peak rates, as torch's optimisers take them."""
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    everything = [tensor for group in groups for tensor in group["params"]]
    total = sum(map(len, epochs))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda s: min(
            (s + 1) / (WARM_UP * total), max(LEAST_RATE, (total - s) / (total * (1 - WARM_UP)))
        ),
    )
    for number, batches in enumerate(epochs):
        began, losses = time.monotonic(), 0.0
        for batch in batches:
            loss = loss_of(batch)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(everything, 1.0)
            optimiser.step()
            schedule.step()
            after_step()
            losses += float(loss.detach())
        log.info("epoch %d: loss %.4f, %d steps, %.0f s", number + 1, losses / len(batches), len(batches),
                 time.monotonic() - began)  # fmt: skip
