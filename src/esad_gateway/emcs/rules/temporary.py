"""What temporary authorisations allow, for drafts and changes of destination alike.

Every function returns a hint that says what is wrong, or ``None``. BR045 to BR047 are one question asked of three
pairs of parties, so that exactly one of them speaks.
"""

from datetime import datetime, tzinfo

from esad_gateway.emcs.authorisations import TEMPORARY_TYPES, limits_of, linked
from esad_gateway.emcs.moments import after_day, day_of
from esad_gateway.emcs.registry import Operator


def link_problem(consignor: Operator | None, consignee: Operator | None, *, which: tuple[bool, bool]) -> str | None:
    """Why the temporary authorisations of the parties do not allow them this movement.

    ``which`` is the pair of parties that the rule is about: whether the consignor, and whether the consignee, acts
    under a temporary authorisation. ``None`` for other pairs, and when a party is not registered as it should be.
    """
    if consignor is None or consignee is None:
        return None
    temporary = tuple(party.operator_type in TEMPORARY_TYPES for party in (consignor, consignee))
    if temporary != which or linked(consignor, consignee):
        return None
    named = " ".join(filter(None, (_names(party) for party in (consignor, consignee))))
    return f"{named} The other party of this movement is not the one."


def expiry_problem(parties: tuple[Operator | None, ...], limit: datetime, zone: tzinfo) -> str | None:
    """Why the journey, which may last until ``limit``, ends too late for a temporary authorisation of ``parties``.

    An authorisation holds through the whole of its last day, a day of ``zone``.
    """
    for party in parties:
        if party is None or party.operator_type not in TEMPORARY_TYPES or party.valid_to is None:
            continue
        if limit > after_day(party.valid_to, zone):
            ends = day_of(limit, zone)
            return f"The authorisation {party.seed} ends on {party.valid_to}, the journey only on {ends}."
    return None


def _names(party: Operator) -> str | None:
    limits = limits_of(party)
    return None if limits is None else f"The authorisation {party.seed} names {limits.counterparty or 'nobody'}."
