"""Charts as SVG, drawn on the server: a title and a description for those who hear them; the page has the table beside.

Attributes only, no style: the content security policy allows none.
"""

from collections.abc import Mapping, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 240, 44, 34, 16
INKS = ("#244370", "#2f8f74", "#b87503", "#a5301f")
Place = tuple[float, float]
Box = tuple[float, float, float, float]
TEXT, LINE = "#1d2532", "#ddd6c6"


def bars(
    key: str, title: str, desc: str, labels: Sequence[str], series: Mapping[str, Sequence[int]]
) -> SafeString:
    """Groups of bars side by side, one a label; ``series`` is name → numbers in the order of ``labels``.

    key   distinguishes the ids of several charts on a page
    """
    most = max((value for values in series.values() for value in values), default=0) or 1
    step = (WIDTH - LEFT) / max(1, len(labels))
    wide = min(44.0, step * 0.8 / max(1, len(series)))
    floor = HEIGHT - BOTTOM
    parts = [
        format_html(
            '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}"/>'
            '<text x="{}" y="{}" font-size="12" text-anchor="end" fill="{}">{}</text>',
            LEFT, y, WIDTH, y, LINE, LEFT - 6, y + 4, TEXT, value,
        )
        for value, y in ((most, TOP), (0, floor))
    ]  # fmt: skip
    for place, label in enumerate(labels):
        middle = LEFT + step * (place + 0.5)
        for number, values in enumerate(series.values()):
            tall = (floor - TOP) * values[place] / most
            x = middle + (number - len(series) / 2) * wide
            parts.append(
                format_html(
                    '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
                    _at(x), _at(floor - tall), _at(wide * 0.92), _at(tall), INKS[number % len(INKS)],
                )
            )  # fmt: skip
            if values[place] and len(series) * len(labels) <= 40:
                parts.append(_text(x + wide * 0.46, floor - tall - 3, str(values[place]), 11))
        parts.append(_text(middle, floor + 16, label, 12))
    for number, name in enumerate(series):
        x = LEFT + number * 130
        ink = INKS[number % len(INKS)]
        parts.append(format_html('<rect x="{}" y="{}" width="10" height="10" fill="{}"/>', x, HEIGHT - 11, ink))
        parts.append(_text(x + 15, HEIGHT - 2, name, 12, "start"))
    return _svg(key, title, desc, WIDTH, HEIGHT, parts)


def points(
    key: str, title: str, desc: str, places: Sequence[Place], areas: Sequence[tuple[str, Box]]
) -> SafeString:
    """Points (latitude, longitude) over labelled boxes (south, west, north, east): a sketch, not a map (示意图)."""
    lats = [lat for lat, _lon in places] + [lat for _name, box in areas for lat in (box[0], box[2])]
    lons = [lon for _lat, lon in places] + [lon for _name, box in areas for lon in (box[1], box[3])]
    south, north, west, east = min(lats), max(lats), min(lons), max(lons)
    wide, tall, edge = 720, 400, 24

    def x(lon: float) -> str:
        return _at(edge + (wide - 2 * edge) * ((lon - west) / ((east - west) or 1)))

    def y(lat: float) -> str:
        return _at(edge + (tall - 2 * edge) * ((north - lat) / ((north - south) or 1)))

    parts = []
    for name, (s, w, n, e) in areas:
        corners = " ".join(f"{x(lon)},{y(lat)}" for lat, lon in ((s, w), (n, w), (n, e), (s, e)))
        parts.append(
            format_html(
                '<polygon points="{}" fill="#eff3f8" stroke="#847c6a" stroke-dasharray="6 4"/>'
                '<text x="{}" y="{}" font-size="14" fill="{}">{}</text>',
                corners, x(w), _at(float(y(n)) - 6), TEXT, name,
            )
        )  # fmt: skip
    parts += [
        format_html('<circle cx="{}" cy="{}" r="5" fill="{}" fill-opacity="0.75"/>', x(lon), y(lat), INKS[0])
        for lat, lon in places
    ]
    return _svg(key, title, desc, wide, tall, parts)


def _svg(key: str, title: str, desc: str, wide: int, tall: int, parts: Sequence[SafeString]) -> SafeString:
    return format_html(
        '<svg class="xz-chart" role="img" aria-labelledby="{0}-title {0}-desc" viewBox="0 0 {1} {2}">'
        '<title id="{0}-title">{3}</title><desc id="{0}-desc">{4}</desc>{5}</svg>',
        key, wide, tall, title, desc, format_html_join("", "{}", ((part,) for part in parts)),
    )  # fmt: skip


def _text(x: float, y: float, text: str, size: int, anchor: str = "middle") -> SafeString:
    return format_html(
        '<text x="{}" y="{}" font-size="{}" text-anchor="{}" fill="{}">{}</text>',
        _at(x), _at(y), size, anchor, TEXT, text,
    )  # fmt: skip


def _at(value: float) -> str:
    return f"{value:.1f}"
