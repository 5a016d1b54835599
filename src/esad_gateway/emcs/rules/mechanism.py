"""How rules are written, registered and run; which rules there are stands in the module of each message.

A check is a function that yields a finding for every place that breaks its rule. It sees the message, and with it
one of three things, which makes the three kinds of rule:

- the :class:`Context` (the time, the national profile): the message's content is judged alone, without any state;
- the :class:`Case` (the context, and what the register and the store know);
- the :class:`~esad_gateway.emcs.movement.Movement` that the message is about. Such a rule is not asked when there is no
  movement: that is BR020's fault, and nothing can be compared.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias

from esad_gateway.emcs.messages import IE815, Message
from esad_gateway.emcs.movement import Movement
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.registry import Facts
from esad_gateway.emcs.releases import rank
from esad_gateway.emcs.rules.catalogue import CATALOGUE
from esad_gateway.emcs.rules.places import M, order, place_in
from esad_gateway.faults import Fault, Faults, Said
from esad_gateway.frozen import frozen
from esad_gateway.place import Place


@frozen
class Finding:
    """A place that breaks a rule.

    ``place`` leads from the body element of the message, in XML names (``BodyEadEsad[2]/GrossMass``), or through
    ``Header`` to an item of the header; ``value`` is what stands there, ``None`` when something is missing. ``hint``
    and ``code`` replace those of the catalogue where the rule knows more about this very violation; ``about`` is the
    ARC of the other movement that it is about.
    """

    place: Place
    value: object = None
    hint: Said | None = None
    code: str | None = None
    about: str | None = None


@frozen(kw_only=True)
class Context:
    """What every rule may know apart from the message: the moment of submission (aware, UTC) and the national profile.

    ``release`` is that in which the message was written (``3.23``), ``None`` when nobody knows: then every rule counts.
    """

    now: datetime
    profile: NationalProfile
    release: str | None = None

    @property
    def today(self) -> date:
        """The day of submission, as the calendar of the member state shows it."""
        return self.profile.local_date(self.now)

    def day_of(self, message: Message) -> date:
        """The day on which a message acts, a day of our own calendar: rules and registrations are those of that day.

        A draft acts when the goods leave, whether it comes before or, after a fallback, later. Whatever else a trader
        or an office of ours sends acts at once: a change, a report, an alert.
        """
        return self.dispatched_on(message) if isinstance(message, IE815) else self.today

    def dispatched_at(self, draft: IE815) -> datetime:
        """The moment (aware, in UTC) at which the goods of a draft leave, or left."""
        entry = draft.ead_esad_draft
        return self.profile.moment_written(entry.date_of_dispatch, entry.time_of_dispatch)

    def dispatched_on(self, draft: IE815) -> date:
        """The day of that moment, as the calendar of the member state shows it: every rule on the day asks this one."""
        entry = draft.ead_esad_draft
        return self.profile.day_written(entry.date_of_dispatch, entry.time_of_dispatch)


@frozen(kw_only=True)
class Case:
    """What a stateful rule may know: the context, the movement that the message is about, and the register's facts."""

    context: Context
    movement: Movement | None
    facts: Facts


Check: TypeAlias = Callable[[Any, Any], Iterable[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """One rule of one message, by its official number; made by :func:`content`, :func:`stateful`, :func:`on_movement`.

    ``path`` is the element the rule stands at in the rulebook, from the body element, without positions. ``needs`` is
    the type of what ``check`` is given with the message. The rule counts for messages that are written in release
    ``since`` or a later one, and in one before ``until``; a rule of a single state counts for those that act on the day
    ``first`` or later, up to and with ``last``.
    """

    number: str
    message: type[Any]  # a message class; the functions below hold the check to it
    path: str
    check: Check
    needs: type[Context | Case | Movement]
    since: str | None = None
    until: str | None = None
    first: date | None = None
    last: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the rule counts for messages that act on ``day``."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def counts(self, release: str | None) -> bool:
        """Whether the rule counts for messages of a release; for those of an unknown one every rule does."""
        if release is None:
            return True
        began = self.since is None or rank(self.since) <= rank(release)
        return began and (self.until is None or rank(release) < rank(self.until))

    @property
    def stateful(self) -> bool:
        """Whether the rule needs more than the message, the time and the national profile."""
        return self.needs is not Context


def content(number: str, message: type[M], path: str, check: Callable[[M, Context], Iterable[Finding]]) -> Rule:
    """A rule on the content of ``message`` alone."""
    return Rule(number=number, message=message, path=path, check=check, needs=Context)


def stateful(
    number: str,
    message: type[M],
    path: str,
    check: Callable[[M, Case], Iterable[Finding]],
    *,
    since: str | None = None,
) -> Rule:
    """A rule that asks the register or the store; ``since`` which release there is such a rule."""
    return Rule(number=number, message=message, path=path, check=check, needs=Case, since=since)


def on_movement(number: str, message: type[M], path: str, check: Callable[[M, Movement], Iterable[Finding]]) -> Rule:
    """A rule that compares ``message`` with the movement it is about."""
    return Rule(number=number, message=message, path=path, check=check, needs=Movement)


def together(first: Rule, *others: Rule) -> Rule:
    """One rule out of several of the same number and message, which stands in more than one kind of group there."""

    def check(message: Any, given: Any) -> Iterator[Finding]:
        for rule in (first, *others):
            yield from rule.check(message, given)

    check.__name__, check.__doc__ = first.check.__name__, first.check.__doc__
    return replace(first, check=check)


def run(rules: Sequence[Rule], message: Message, given: Context | Case | Movement) -> list[Fault]:
    """Every fault that ``rules`` find in ``message``; ``given`` must be what all of these rules need."""
    return [
        fault(
            rule.number,
            place_in(message, finding.place),
            written(finding.value),
            hint=finding.hint,
            code=finding.code,
            about=finding.about,
        )
        for rule in rules
        for finding in rule.check(message, given)
    ]


def fault(
    number: str,
    place: Place,
    value: str | None,
    *,
    hint: Said | None = None,
    code: str | None = None,
    about: str | None = None,
) -> Fault:
    """A fault that breaks the rule ``number`` of the catalogue, at ``place`` (from the root of the document).

    ``hint`` and ``code`` replace the rule's own, ``about`` is the ARC of another movement that it is about.

    Raises ``KeyError`` for a number that is not in the catalogue.
    """
    usual = CATALOGUE[number]
    return Fault(
        code=code or usual,
        rule=number,
        place=place,
        value=value,
        text=Said(f"{number}.text"),
        hint=hint or Said(f"{number}.hint"),
        arc=about,
    )


def in_document_order(message: Message, faults: Iterable[Fault]) -> Faults:
    """``faults`` of ``message`` as a reader of the document meets their places; at one place, in the order given."""
    return tuple(sorted(faults, key=lambda one: order(type(message), one.place)))


def written(value: object) -> str | None:
    """A value as it stands in the document."""
    match value:
        case None:
            return None
        case Enum():
            return str(value.value)
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case _:
            return str(value)
