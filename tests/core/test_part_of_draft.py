"""What is wrong with a draft of which not all could be read."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from hypothesis import example, given
from hypothesis import strategies as st

from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.procedure.stateless import content, content_of_part
from esad_gateway.emcs.rules.mechanism import Context, Finding
from esad_gateway.emcs.rules.mechanism import content as rule
from esad_gateway.faults import Faults
from esad_gateway.place import at
from esad_gateway.profiles import profile_of
from esad_gateway.unread import UNREAD
from helpers.case import FIXTURES, setting
from helpers.fixtures import load
from helpers.samples import draft

INVALID: Final = sorted(path for path in FIXTURES.glob("ie815/*/*.xml") if path.parent.name in {"invalid", "unserved"})
BROKEN: Final = [found for path in INVALID if isinstance(found := load(path), IE815)]
LT: Final = profile_of("LT")
NOW: Final = setting().context.now


def of_whole(message: IE815) -> Faults:
    """What is wrong with a draft that can be read, but for its header."""
    return below_the_header(content("IE815", message, Origin.TRADER, NOW, LT, "3.23"))


def of_part(message: IE815) -> Faults:
    """What is wrong with the same where some values are ``UNREAD``."""
    return below_the_header(content_of_part(message, NOW, LT, "3.23"))


def below_the_header(faults: Faults) -> Faults:
    """Faults without those of the header, which is ours."""
    return tuple(fault for fault in faults if fault.place.steps[1].name != "Header")


def leaves(value: Any, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The ways to the values in a draft, but for its header and what says itself that it is one of duty paid."""
    if isinstance(value, tuple):
        for place, member in enumerate(value):
            yield from leaves(member, (*above, place))
    elif is_dataclass(value):
        for one in fields(value):
            if one.name not in {"header", "attributes"}:
                yield from leaves(getattr(value, one.name), (*above, one.name))
    elif value is not None:
        yield above


def hidden(value: Any, way: tuple[str | int, ...]) -> Any:
    """``value`` with one in it unread."""
    if not way:
        return UNREAD
    first, *rest = way
    if isinstance(first, int):
        return tuple(hidden(one, tuple(rest)) if place == first else one for place, one in enumerate(value))
    return replace(value, **{first: hidden(getattr(value, first), tuple(rest))})


@example(BROKEN[0], 0.0)
@given(message=st.sampled_from(BROKEN), share=st.floats(min_value=0, max_value=1, exclude_max=True))
def test_what_is_told_of_a_part_is_true_of_the_whole(message: IE815, share: float) -> None:
    """A value that cannot be read takes faults away and adds none; where all can be read, every fault is told."""
    ways = list(leaves(message))
    part = hidden(message, ways[int(share * len(ways))])

    assert set(of_part(part)) <= set(of_whole(message))
    assert of_part(message) == of_whole(message)


def test_line_that_cannot_be_read_hides_nothing_of_another() -> None:
    """The same rule is told of the line behind it."""
    message = draft({"body_ead_esad.1.gross_mass": Decimal(1)})
    part = hidden(message, ("body_ead_esad", 0, "gross_mass"))

    (told,) = of_part(part)

    assert (told.rule, str(told.place).rpartition("/IE815/Body/")[2]) == (
        "R219",
        "SubmittedDraftOfEADESAD/BodyEadEsad[2]/GrossMass",
    )


def test_rule_that_compares_lines_is_asked_of_all_or_none() -> None:
    """What is packed with the packages of a line that cannot be read is not told to be packed with nothing."""
    uncounted = {"body_ead_esad.1.package.0.number_of_packages": 0, "body_ead_esad.1.package.0.shipping_marks": "EKO"}
    message = draft(uncounted | {"body_ead_esad.0.package.0.shipping_marks": "EKO"})
    part = hidden(message, ("body_ead_esad", 0, "package", 0, "shipping_marks"))

    assert "R251" not in [fault.rule for fault in of_part(part)]


def test_rules_of_every_day_are_asked_where_the_day_is_not_read() -> None:
    """A rule of our own that began once is not asked, since nobody knows whether it counted; another is."""

    def refusing(_message: IE815, _context: Context) -> list[Finding]:
        return [Finding(at("EadEsadDraft/InvoiceNumber"))]

    always = rule("BR001", IE815, "EadEsadDraft/InvoiceNumber", refusing)
    since = replace(always, number="BR018", first=date(2024, 1, 1))
    profile = replace(LT, rules=(always, since))
    part = hidden(draft({"body_ead_esad.0.gross_mass": Decimal(1)}), ("ead_esad_draft", "date_of_dispatch"))

    told = {fault.rule for fault in content_of_part(part, NOW, profile, "3.23")}

    assert told == {"BR001", "R219"}
