"""Curves on logarithmic axes, side by side, as an SVG of its own: no fonts, scripts or styles from elsewhere."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

Point = tuple[float, float]

_WIDTH, _HEIGHT = 480, 330
_LEFT, _TOP, _RIGHT, _BOTTOM = 66, 84, 128, 52
_COLOURS = ("#0b5fa5", "#8a8f98", "#c2571a")
_FONT = "font-family=\"system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif\""


@dataclass(frozen=True, slots=True)
class Panel:
    """One pair of axes: its title in plain words, the words for a figure on either axis, and the curves by name."""

    title: str
    horizontal: str
    across: Callable[[float], str]
    up: Callable[[float], str]
    curves: dict[str, Sequence[Point]]


def svg(title: str, note: str, panels: Sequence[Panel]) -> str:
    """The picture as a file's text."""
    width, height = _WIDTH * len(panels) + 20, _HEIGHT + 40
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" {_FONT} font-size="12" fill="#3d444d">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" rx="8" fill="#ffffff"/>',
        f'<text x="20" y="32" font-size="18" font-weight="600" fill="#1f2328">{escape(title)}</text>',
        f'<text x="20" y="{height - 12}" font-size="11" fill="#6e7781">{escape(note)}</text>',
    ]
    for place, panel in enumerate(panels):
        parts.append(f'<g transform="translate({10 + place * _WIDTH},0)">')
        parts.extend(_drawn(panel))
        parts.append("</g>")
    return "\n".join([*parts, "</svg>", ""])


def _drawn(panel: Panel) -> list[str]:
    points = [point for curve in panel.curves.values() for point in curve]
    across = _Axis([x for x, _ in points], _LEFT, _WIDTH - _RIGHT)
    up = _Axis([y for _, y in points], _HEIGHT - _BOTTOM, _TOP)
    parts = [f'<text x="{_LEFT}" y="{_TOP - 18}" font-size="13" font-weight="600">{escape(panel.title)}</text>']
    for tick in across.ticks():
        x = across.at(tick)
        parts.append(_line(x, up.start, x, up.end))
        parts.append(f'<text x="{x:.1f}" y="{up.start + 18}" text-anchor="middle">{panel.across(tick)}</text>')
    for tick in up.ticks():
        y = up.at(tick)
        parts.append(_line(across.start, y, across.end, y))
        parts.append(f'<text x="{across.start - 8}" y="{y + 4:.1f}" text-anchor="end">{panel.up(tick)}</text>')
    middle = (across.start + across.end) / 2
    parts.append(f'<text x="{middle}" y="{up.start + 38}" text-anchor="middle">{escape(panel.horizontal)}</text>')
    for colour, (name, curve) in zip(_COLOURS, panel.curves.items(), strict=False):
        placed = [(across.at(x), up.at(y)) for x, y in curve]
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        parts.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        parts.extend(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in placed)
        x, y = placed[-1]
        last = panel.up(curve[-1][1])
        parts.append(f'<text x="{x + 9:.1f}" y="{y:.1f}" fill="{colour}" font-weight="600">{escape(name)}</text>')
        parts.append(f'<text x="{x + 9:.1f}" y="{y + 15:.1f}" fill="{colour}">{last}</text>')
    return parts


class _Axis:
    """A logarithmic scale: upwards over whole powers of ten, two at least; across over the figures themselves."""

    def __init__(self, figures: Sequence[float], start: float, end: float) -> None:
        self.start, self.end = start, end
        whole = end < start
        low, high = math.log10(min(figures)), math.log10(max(figures))
        self._low = math.floor(low) if whole else low
        self._high = max(math.ceil(high), self._low + 2) if whole else high

    def at(self, figure: float) -> float:
        """Where a figure stands in the picture."""
        share = (math.log10(figure) - self._low) / (self._high - self._low)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[float]:
        """The powers of ten on the scale."""
        return [10.0**power for power in range(math.ceil(self._low), math.floor(self._high) + 1)]


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#e4e7eb"/>'
