"""The first page: member states, movements, faults that were injected, traders."""

from collections.abc import Iterator, Sequence
from typing import Final

from lxml import etree

from esad_gateway.emcs.movement import Side
from esad_gateway.faults import Said, said
from esad_gateway.simulator.served.page.elements import Child, element, link, table
from esad_gateway.simulator.served.page.frame import HOME, PageRequest, of_page, pages
from esad_gateway.simulator.served.page.movement import letter_table, state_of, strike_table
from esad_gateway.simulator.served.page.reading import MovementLine, StoreReader
from esad_gateway.simulator.served.simulation import Simulation
from esad_gateway.simulator.served.views import codes
from esad_gateway.simulator.world.emcs import Emcs

LINES: Final = 25
"""Movements, and faults, on one page."""

_LOOSE: Final = 10
"""Messages of no movement that are shown."""

_TRADERS: Final = 50
_WAITING: Final = 10
"""Faults that wait for their moment, of which the names are shown."""


def overview_page(asked: PageRequest, simulation: Simulation, store: StoreReader) -> Iterator[Child]:
    """What stands on the first page."""
    emcs = simulation.emcs
    yield element("p", asked.say(said("page.seed", seed=emcs.seed)), " ", element("code", simulation.again()))
    yield from _movements(asked, store)
    yield from _faults(asked, emcs)
    if loose := store.of_no_movement(_LOOSE):
        yield element("h2", asked.say(Said("page.loose")))
        yield letter_table(asked, asked.say(Said("page.loose")), loose)
    yield from _states(asked, emcs, store)
    yield from _traders(asked, emcs)


def _movements(asked: PageRequest, store: StoreReader) -> Iterator[Child]:
    name = asked.query.get("find", "").strip()[:40]
    found = store.movements(name)
    yield element("h2", asked.say(Said("page.movements")), id="movements")
    field = element("input", name="find", type="search", value=name, maxlength="40")
    label = element("label", f"{asked.say(Said('page.find'))} ", field)
    button = element("button", asked.say(Said("page.search")))
    yield element("form", label, button, method="get", action=HOME, role="search")
    yield element("p", asked.say(said("count.movements", count=len(found))))
    if found:
        yield pages(asked, "movements", len(found), LINES)
        yield _lines(asked, found[of_page(asked, "movements", len(found), LINES)])


def _lines(asked: PageRequest, lines: Sequence[MovementLine]) -> etree._Element:
    heads = (Said("box.arc"), Said("box.local_reference_number"), Said("page.parties"))
    rows: list[list[Child]] = [
        [
            link(one.arc, f"{HOME}/movements/{one.arc}"),
            one.lrn,
            asked.say(said("page.from_to", one=one.consignor, other=one.consignee)),
            *(state_of(asked, one, side) for side in Side),
        ]
        for one in lines
    ]
    told = [asked.say(one) for one in (*heads, *(Said(f"side.{side}") for side in Side))]
    return table(asked.say(Said("page.movements")), told, rows)


def _faults(asked: PageRequest, emcs: Emcs) -> Iterator[Child]:
    strikes = emcs.faults.journal[::-1]
    yield element("h2", asked.say(Said("page.faults")), id="faults")
    each = emcs.world.faults.injections.each()
    names = [f"{fault.name} ({one.state})" for one, _, waits in each if waits for fault in one.faults]
    if names:
        shown = ", ".join(names[:_WAITING]) + " …" * (len(names) > _WAITING)
        yield element("p", asked.say(said("page.waits", names=shown)))
    if not strikes:
        yield element("p", asked.say(Said("page.no_faults")))
        return
    yield pages(asked, "faults", len(strikes), LINES)
    yield strike_table(asked, strikes[of_page(asked, "faults", len(strikes), LINES)])


def _states(asked: PageRequest, emcs: Emcs, store: StoreReader) -> Iterator[Child]:
    opened = set(store.opened)
    yield element("h2", asked.say(Said("page.states")), id="states")
    heads = (Said("page.state"), Said("page.health"), Said("page.messages"), Said("page.movements"))
    told = [asked.say(one) for one in (*heads, Said("page.waiting"), Said("page.not_taken"))]
    rows = [_state(asked, store, code, is_open=code in opened) for code in codes(emcs)]
    rows += [[one.address, link(one.url, one.url), "", "", "", ""] for one in emcs.world.outside.values()]
    yield table(asked.say(Said("page.states")), told, rows)


def _state(asked: PageRequest, store: StoreReader, code: str, *, is_open: bool) -> list[Child]:
    if not is_open:
        return [code, asked.say(Said("page.closed")), "", "", "", ""]
    found = store.counts(code)
    health = link(asked.say(Said("page.opened")), f"/{code.lower()}/health")
    return [code, health, *map(str, (found.messages, found.movements, found.waiting, found.not_taken))]


def _traders(asked: PageRequest, emcs: Emcs) -> Iterator[Child]:
    known = list(emcs.traders.values())
    yield element("h2", asked.say(Said("page.traders")), id="traders")
    if not known:
        yield element("p", asked.say(Said("page.no_traders")))
        return
    yield pages(asked, "traders", len(known), _TRADERS)
    rows = (
        (
            link(one.seed, f"{HOME}?find={one.seed}"),
            one.operator.name,
            asked.say(Said(f"operator.{one.operator.operator_type}")),
        )
        for one in known[of_page(asked, "traders", len(known), _TRADERS)]
    )
    heads = map(asked.say, (Said("page.number_of"), Said("box.trader_name"), Said("page.role")))
    yield table(asked.say(Said("page.traders")), heads, rows)
