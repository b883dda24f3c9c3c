"""The reliability plot: confidence against the share that is right, as SVG."""

from __future__ import annotations

from collections.abc import Mapping

Bins = list[tuple[float, float, int]]
"""Mean confidence, share right, number; one for each tenth of confidence that holds anything."""

_COLOURS = {"pairs": "#1f6f8b", "reactions": "#c8553d"}


def drawn(bins: Mapping[str, Bins]) -> str:
    """The reliability plot as SVG: on the diagonal, confidence is the share that is right; larger dots hold more."""
    side, edge = 360, 48
    whole, middle = side + 2 * edge, edge + side / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<rect x="{edge}" y="{edge}" width="{side}" height="{side}" fill="none" stroke="#999"/>',
        f'<line x1="{edge}" y1="{edge + side}" x2="{edge + side}" y2="{edge}" stroke="#bbb" stroke-dasharray="4 4"/>',
        f'<text x="{middle}" y="{whole - 12}" text-anchor="middle">confidence</text>',
        f'<text x="16" y="{middle}" text-anchor="middle" transform="rotate(-90 16 {middle})">share right</text>',
    ]
    for tick in range(0, 11, 2):
        at = side * tick / 10
        parts.append(
            f'<text x="{edge + at}" y="{edge + side + 16}" text-anchor="middle">{tick / 10:g}</text>'
        )
        parts.append(
            f'<text x="{edge - 6}" y="{edge + side - at + 4}" text-anchor="end">{tick / 10:g}</text>'
        )
    for row, (kind, rows) in enumerate(bins.items()):
        colour = _COLOURS[kind]
        points = [(edge + side * c, edge + side * (1 - r), n) for c, r, n in rows]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{2 + n**0.5 / 4:.1f}" fill="{colour}"/>'
            for x, y, n in points
        ]
        parts.append(
            f'<text x="{edge + 12}" y="{edge + 20 + 18 * row}" fill="{colour}">{kind}</text>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"
