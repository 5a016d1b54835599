"""In which form something is shown: as JSON, as a table, on paper; the client says which it likes (``Accept``)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from typing import Any, Final

from fastapi import Request, Response
from pydantic import BaseModel
from starlette.responses import StreamingResponse

from esad_gateway.faults import said
from esad_gateway.sheets.plain_writers import csv_lines
from esad_gateway.sheets.writing import SheetTable, Writable
from esad_gateway.web.accept import preferred
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.problems import Problem

JSON, CSV, PDF = "application/json", "text/csv", "application/pdf"
VARY: Final[Mapping[str, str]] = {"Vary": "Accept"}
AT_ONCE: Final = 200
"""Rows that are looked up at a time where a whole list is asked for."""

_MARK: Final = "\ufeff"  # without it, Excel takes UTF-8 for another encoding


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list as a table: the member that has its items, its columns by the names of JSON, joined with dots.

    Of items that have a list of things of their own (``each``) there is a row for each of those. ``numbers`` are the
    columns whose texts are quantities. ``cursor`` is the parameter that goes on behind an item, whose value is that
    item's ``key``.
    """

    items: str
    columns: tuple[str, ...]
    cursor: str
    key: str
    each: str = ""
    numbers: frozenset[str] = frozenset()

    def rows(self, item: Mapping[str, Any]) -> Iterator[list[Writable]]:
        """The rows of an item."""
        parts: Sequence[Mapping[str, Any]] = item.get(self.each) or ({},)
        for part in parts:
            yield [self._cell(name, {**item, self.each: part}) for name in self.columns]

    def _cell(self, column: str, item: Mapping[str, Any]) -> Writable:
        value: Any = item
        for name in column.split("."):
            value = (value or {}).get(name)
        if isinstance(value, list):
            return " ".join(map(str, value))
        if column in self.numbers and value is not None:
            return Decimal(value)
        return str(value) if isinstance(value, str) else value  # a code is a text


Found = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Looks a page up: parameters that differ from those that were asked -> the page, as JSON has it."""


def form_of(request: Request, *offered: str) -> str:
    """The one of ``offered`` that the client likes best. Raises Problem (406) when it likes none of them."""
    found = preferred(",".join(request.headers.getlist("accept")), offered)
    if found is None:
        raise Problem(406, "not-acceptable", said("detail.shown_as", types=offered))
    return found


def given_limit(wanted: BaseModel) -> int | None:
    """The ``limit`` that a client has given; ``None`` where it was left out."""
    found: int | None = wanted.model_dump(include={"limit"}, exclude_unset=True).get("limit")
    return found


def listed(request: Request, listing: Listing, found: Found, limit: int | None) -> Response:
    """A list as JSON, or as a table for who likes ``text/csv`` better.

    A table has everything that there is, looked up page by page while it is sent; with a ``limit`` of the client's no
    more than that, and then a link to what follows.
    """
    if form_of(request, JSON, CSV) == JSON:
        return JsonAnswer(found({}), headers=dict(VARY))
    first: Sequence[Mapping[str, Any]] = found({"limit": limit or AT_ONCE})[listing.items]
    full = limit is not None and len(first) >= limit
    pages = iter([first]) if limit is not None else _pages(listing, found, first)
    rows = (row for page in pages for item in page for row in listing.rows(item))
    lines = csv_lines(SheetTable(heading=listing.columns, rows=rows))
    headers = {**VARY, **(_next(request, listing, first[-1]) if full else {})}
    return StreamingResponse(_pieces(chain([_MARK], lines)), media_type=CSV, headers=headers)


def _pages(listing: Listing, found: Found, page: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    while page:
        yield page
        behind = {listing.cursor: page[-1][listing.key], "limit": AT_ONCE}
        page = found(behind)[listing.items] if len(page) >= AT_ONCE else ()


def _pieces(lines: Iterator[str]) -> Iterator[str]:
    """Many lines at a time: each piece that is sent is a turn of a thread."""
    while piece := "".join(islice(lines, AT_ONCE)):
        yield piece


def _next(request: Request, listing: Listing, last: Mapping[str, Any]) -> dict[str, str]:
    query = request.url.include_query_params(**{listing.cursor: last[listing.key]}).query
    return {"Link": f'<?{query}>; rel="next"'}
