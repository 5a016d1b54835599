"""Which of several media types an ``Accept`` header asks for (RFC 9110, 12.5.1)."""

import re
from collections.abc import Sequence
from typing import Final

_RANGE: Final = re.compile(r"(?P<type>[^\s/;,]+)/(?P<subtype>[^\s/;,]+)(?P<parameters>(?:\s*;[^;]*)*)")
_QUALITY: Final = re.compile(r";\s*q\s*=\s*(?P<q>0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*(?:;|$)", re.IGNORECASE)


def preferred(accept: str, offered: Sequence[str]) -> str | None:
    """The one of ``offered`` (media types in small letters, the usual one first) that ``accept`` likes best.

    The range that names a type most exactly says how much it is liked; among equals the first offered wins. What is
    no media range is passed over, and a header without any asks for nothing special. ``None`` when none is wanted.
    """
    ranges = [found for item in accept.split(",") if (found := _RANGE.fullmatch(item.strip()))]
    liked = {name: _liking(name, ranges) for name in offered}
    best = max(offered, key=lambda name: liked[name])
    return best if not ranges or liked[best] > 0 else None


def _liking(name: str, ranges: Sequence[re.Match[str]]) -> float:
    kind, _, subtype = name.partition("/")
    exactness = {("*", "*"): 1, (kind, "*"): 2, (kind, subtype): 3}
    told = [
        (exactness.get((one["type"].lower(), one["subtype"].lower()), 0), _quality(one["parameters"])) for one in ranges
    ]
    exact, quality = max(told, default=(0, 0.0))
    return quality if exact else 0.0


def _quality(parameters: str) -> float:
    found = _QUALITY.search(parameters)
    return float(found["q"]) if found else 1.0
