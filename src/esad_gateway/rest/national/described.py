"""What the OpenAPI document says of national doors, as data: each part has a table of its routes."""

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.frozen import frozen

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@frozen(kw_only=True)
class DescribedRoute:
    """One operation.

    ``example`` is what it answers with ``status``, ``about`` says what that means; ``also`` are further statuses of an
    answer of the same form. ``problems`` are what it may refuse, by status: the kind of problem and what it means,
    beside 401 and 503, and 422 where it has parameters. ``body`` is what is sent, with its ``schema``. What
    ``is_open`` asks for no token.
    """

    example: Mapping[str, Any]
    about: str = "as asked"
    status: str = "200"
    also: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    problems: Mapping[str, tuple[str, str]] = field(default_factory=lambda: _NOTHING)
    body: Mapping[str, Any] | None = None
    is_open: bool = False
    schema: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)


IN_JSON: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "400": ("malformed-json", "no JSON"),
        "413": ("too-large", "too large"),
        "415": ("media-type", "no JSON by its media type, or encoded"),
    }
)
"""What is refused of any body in JSON."""
