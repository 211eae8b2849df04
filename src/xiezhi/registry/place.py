"""Positions: kept in WGS-84, whatever datum they came in. Plain arithmetic."""

from math import cos, pi, radians, sin, sqrt

_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323
_CHINA = ((0.8293, 55.8271), (72.004, 137.8347))


def to_wgs84(latitude: float, longitude: float, datum: str) -> tuple[float, float]:
    """Degrees in ``datum`` (WGS-84, CGCS2000, GCJ-02) as WGS-84; ``ValueError`` for another datum.

    CGCS2000 differs from WGS-84 by centimetres and is taken as it. GCJ-02 is inverted by iteration.
    """
    if datum in ("WGS-84", "CGCS2000"):
        return latitude, longitude
    if datum != "GCJ-02":
        raise ValueError(f"unknown datum {datum!r}")
    guess = (latitude, longitude)
    for _ in range(10):
        moved = to_gcj02(*guess)
        guess = (guess[0] + latitude - moved[0], guess[1] + longitude - moved[1])
    return guess


def to_gcj02(latitude: float, longitude: float) -> tuple[float, float]:
    """WGS-84 as GCJ-02, by the formula that the map services' own software shows; outside China unchanged."""
    (south, north), (west, east) = _CHINA
    if not (south <= latitude <= north and west <= longitude <= east):
        return latitude, longitude
    y, x = latitude - 35.0, longitude - 105.0
    north_shift, east_shift = _north(x, y), _east(x, y)
    phi = radians(latitude)
    magic = 1 - _ECCENTRICITY * sin(phi) ** 2
    root = sqrt(magic)
    meridian = _AXIS * (1 - _ECCENTRICITY) / (magic * root) * pi / 180.0
    parallel = _AXIS / root * cos(phi) * pi / 180.0
    return latitude + north_shift / meridian, longitude + east_shift / parallel


def _waves(x: float) -> float:
    return (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0


def _north(x: float, y: float) -> float:
    shift = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + _waves(x)
    shift += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    return shift + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0


def _east(x: float, y: float) -> float:
    shift = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + _waves(x)
    shift += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    return shift + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
