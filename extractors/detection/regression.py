"""Ridge-penalised logistic regression: how the models are fitted. Needed for fitting only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from extractors.detection.linear import Linear

Features = Mapping[str, float]


def logistic(rows: Sequence[tuple[Features, bool, float]], penalty: float) -> Linear:
    """Fits (features, label, weight) rows by Newton's method on standardised features."""
    names = sorted({name for features, _, _ in rows for name in features})
    x = np.array([[features.get(name, 0.0) for name in names] for features, _, _ in rows])
    y = np.array([float(label) for _, label, _ in rows])
    w = np.array([weight for _, _, weight in rows])
    mean, spread = x.mean(0), x.std(0) + 1e-6
    z = np.hstack([(x - mean) / spread, np.ones((len(rows), 1))])
    ridge = np.eye(z.shape[1]) * penalty
    ridge[-1, -1] = 1e-6
    beta: NDArray[np.float64] = np.zeros(z.shape[1])
    for _ in range(30):
        p = 1.0 / (1.0 + np.exp(-np.clip(z @ beta, -30, 30)))
        gradient = z.T @ (w * (p - y)) + ridge @ beta
        hessian = (z * (w * p * (1 - p) + 1e-6)[:, None]).T @ z + ridge
        step = np.linalg.solve(hessian, gradient)
        beta -= step
        if np.abs(step).max() < 1e-5:
            break
    weights = beta[:-1] / spread
    bias = float(beta[-1] - (weights * mean).sum())
    return Linear(
        bias=bias, weights=dict(zip(names, map(float, weights), strict=True)), threshold=0.5
    )
