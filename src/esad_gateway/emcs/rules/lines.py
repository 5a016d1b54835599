"""Rules on the lines of a report of receipt, a manual closure or an event report: each is about a line of the e-SAD."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from esad_gateway.emcs.codes import FunctionalErrorCodes, GlobalConclusionOfReceipt, IndicatorOfShortageOrExcess
from esad_gateway.emcs.movement import Line, Movement
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS, RECEIPT_CONCLUSIONS
from esad_gateway.emcs.rules.mechanism import Context, Finding, Rule, content, on_movement
from esad_gateway.emcs.rules.places import M, nodes, places
from esad_gateway.faults import Said, said
from esad_gateway.place import Place

if TYPE_CHECKING:
    from esad_gateway.emcs.messages.groups import BodyManualClosure
    from esad_gateway.emcs.messages.ie818 import BodyReportOfReceiptExport

_NOTHING: Final = Decimal(0)
_NOT_SUPPORTED: Final = FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION


def lines_of(movement: Movement) -> Mapping[int, Line]:
    """The lines of the e-SAD by their references."""
    return {line.reference: line for line in movement.lines}


def current_quantities(movement: Movement) -> Mapping[int, Decimal]:
    """What is there to be received of each line.

    That is its quantity in the e-SAD or, after a partial refusal, the quantity that was refused then: nothing, for a
    line that was taken as a whole.
    """
    if any(line.refused is not None for line in movement.lines):
        return {line.reference: line.refused or _NOTHING for line in movement.lines}
    return {line.reference: line.quantity for line in movement.lines}


def references(message: type[M], group: str, number: str = "R058") -> tuple[Rule, Rule]:
    """R058, or R231 of an explanation, for the lines at ``group``: what the message shows, and what the e-SAD does."""
    path = f"{group}/BodyRecordUniqueReference"
    present, found = nodes(message, path), places(message, path)

    def once(one: M, _context: Context) -> Iterator[Finding]:
        """No two lines refer to the same line of the e-SAD."""
        references = present(one)
        if len(set(references)) == len(references):
            return
        first: dict[int, Place] = {}
        for place, reference in found(one):
            if first.setdefault(reference, place) != place:
                yield Finding(place, reference, said("hint.line_again", line=reference))

    def known(one: M, movement: Movement) -> Iterator[Finding]:
        """Every line refers to a line of the e-SAD; one that does so again is refused for that."""
        seen = set(lines_of(movement))
        for place, reference in found(one):
            if reference not in seen:
                yield Finding(place, reference)
            seen.add(reference)

    once.__name__ = known.__name__ = number.lower()
    return content(number, message, path, once), on_movement(number, message, path, known)


def products(message: type[M], group: str) -> Rule:
    """BR024 for the lines at ``group``."""
    found = places(message, group)

    def br024(one: M, movement: Movement) -> Iterator[Finding]:
        """A line has the excise product code of the e-SAD's line with the same reference.

        An unknown reference is R058's, a product that does not exist BC36's.
        """
        known = lines_of(movement)
        for place, line in found(one):
            declared = known.get(line.body_record_unique_reference)
            if declared is not None and line.excise_product_code in EXCISE_PRODUCTS.keys() - {declared.product}:
                hint = said("hint.line_product", line=declared.reference, product=declared.product)
                yield Finding(place / "ExciseProductCode", line.excise_product_code, hint)

    return on_movement("BR024", message, f"{group}/ExciseProductCode", br024)


def observed_quantities(message: type[M], group: str) -> Rule:
    """C067 for the lines at ``group``."""
    found = places(message, group)

    def c067(one: M, _context: Context) -> Iterator[Finding]:
        """The observed quantity is given with an indicator of shortage or excess, and never without one."""
        for place, line in found(one):
            observed = line.observed_shortage_or_excess
            indicated = line.indicator_of_shortage_or_excess is not None
            if indicated and observed is None:
                yield Finding(place / "ObservedShortageOrExcess")
            if observed is not None and not indicated:
                hint = Said("hint.shortage_or_excess")
                yield Finding(place / "ObservedShortageOrExcess", observed, hint, _NOT_SUPPORTED)

    return content("C067", message, f"{group}/ObservedShortageOrExcess", c067)


def refused_quantities(message: type[M], group: str, conclusion: str) -> Rule:
    """C095 for the lines at ``group``, where the field ``conclusion`` of the message is the conclusion of receipt."""
    found, concluded = places(message, f"{group}/RefusedQuantity"), attrgetter(conclusion)

    def c095(one: M, _context: Context) -> Iterator[Finding]:
        """A refused quantity is given in a partial refusal only.

        The condition calls it optional then; that a partial refusal refuses at least something is C119's to say.
        """
        if concluded(one) is not GlobalConclusionOfReceipt.PARTIALLY_REFUSED:
            yield from (Finding(place, refused) for place, refused in found(one))

    return content("C095", message, f"{group}/RefusedQuantity", c095)


def quantities_within(message: type[M], group: str) -> Rule:
    """BR025 for the lines at ``group``."""
    found = places(message, group)

    def br025(one: M, movement: Movement) -> Iterator[Finding]:
        """What is missing and refused of a line is not more than what is there to be received."""
        current = current_quantities(movement)
        for place, line in found(one):
            limit = current.get(line.body_record_unique_reference)
            if limit is not None and _shortage(line) + (line.refused_quantity or _NOTHING) > limit:
                refused = line.refused_quantity is not None
                item = "RefusedQuantity" if refused else "ObservedShortageOrExcess"
                value = line.refused_quantity if refused else line.observed_shortage_or_excess
                hint = said("hint.at_most_together", limit=f"{limit:f}")
                yield Finding(place / item, value, hint)

    return on_movement("BR025", message, f"{group}/RefusedQuantity", br025)


def duty_paid_conclusion(message: type[M], path: str) -> Rule:
    """TC16 for the conclusion at ``path``."""
    found = places(message, path)

    def tc16(one: M, _context: Context) -> Iterator[Finding]:
        """The conclusion is one of 1 to 4; the list's other codes are said of goods that leave the Union."""
        for place, conclusion in found(one):
            if conclusion not in RECEIPT_CONCLUSIONS:
                yield Finding(place, conclusion)

    return content("TC16", message, path, tc16)


def arrived(message: type[M], path: str) -> Rule:
    """BR023 for the date of arrival at ``path``."""
    found = places(message, path)

    def br023(one: M, context: Context) -> Iterator[Finding]:
        """The goods arrived on the day of submission or before; days are those of the member state's calendar."""
        yield from (Finding(place, day) for place, day in found(one) if day > context.today)

    return content("BR023", message, path, br023)


def _shortage(line: "BodyReportOfReceiptExport | BodyManualClosure") -> Decimal:
    """The observed shortage; an excess takes nothing from what was sent."""
    if line.indicator_of_shortage_or_excess is IndicatorOfShortageOrExcess.SHORTAGE:
        return line.observed_shortage_or_excess or _NOTHING
    return _NOTHING
