"""The page of one fault: what happens, what a good counterpart does about it, and when it was injected."""

from collections.abc import Iterator, Sequence

from esad_gateway.faults import Said
from esad_gateway.simulator.injected.journal import Strike
from esad_gateway.simulator.injected.model import InjectedFault
from esad_gateway.simulator.served.page.elements import Child, element
from esad_gateway.simulator.served.page.frame import PageRequest, of_page, pages
from esad_gateway.simulator.served.page.movement import strike_table
from esad_gateway.simulator.served.page.overview import LINES


def injected_page(asked: PageRequest, fault: InjectedFault, strikes: Sequence[Strike]) -> Iterator[Child]:
    """What stands on the page of a fault."""
    yield element("p", asked.say(fault.about))
    yield element("h2", asked.say(Said("page.good_counterpart")))
    yield element("p", asked.say(fault.good_counterpart))
    yield element("h2", asked.say(Said("page.faults")), id="faults")
    if not strikes:
        yield element("p", asked.say(Said("page.no_faults")))
        return
    yield pages(asked, "faults", len(strikes), LINES)
    yield strike_table(asked, strikes[of_page(asked, "faults", len(strikes), LINES)])
