"""TR9121: which messages name another one that they answer, and which do not."""

from collections.abc import Iterator

from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.emcs.rules.mechanism import Case, Finding, Rule, stateful
from esad_gateway.emcs.rules.patterns import ABSENT, LEAVE_OUT, OPTIONAL, REQUIRED, Need, always, needed
from esad_gateway.emcs.rules.places import M, nodes, places


def correlated(message: type[M]) -> Rule:
    """TR9121 for an answer: it names the message that it answers."""
    rule = needed("TR9121", message, "Header/CorrelationIdentifier", always(REQUIRED))
    return _documented(rule, "An answer carries the identifier of the message that it answers.")


def uncorrelated(message: type[M]) -> Rule:
    """TR9121 for a message that nobody asked for and that is never sent again: it names no other message."""
    rule = needed("TR9121", message, "Header/CorrelationIdentifier", always(ABSENT))
    return _documented(rule, "What answers nothing carries no identifier of another message.")


def uncorrelated_until(message: type[M], validated: str) -> Rule:
    """TR9121 for a trader's message whose validated copy is sent again when it was lost.

    ``validated`` is the item that the validated copy has and the trader's own message has not. Whether a copy answers a
    status request does not show in it, so that nothing is asked of copies.
    """
    stamped = nodes(message, validated)

    def need(_header: object, one: M) -> Need:
        return OPTIONAL if stamped(one) else ABSENT

    rule = needed("TR9121", message, "Header/CorrelationIdentifier", need)
    return _documented(rule, "What a trader submits answers nothing; only a validated copy that is sent again does.")


def uncorrelated_submission(message: type[M]) -> Rule:
    """TR9121 for an office's message that is sent again when it was lost, and has no item that tells a copy."""
    found = places(message, "Header/CorrelationIdentifier")

    def tr9121(one: M, _case: Case) -> Iterator[Finding]:
        """What an office submits answers nothing. Asked with the case, which only a submission has."""
        yield from (
            Finding(place, value, LEAVE_OUT, FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION)
            for place, value in found(one)
        )

    return stateful("TR9121", message, "Header/CorrelationIdentifier", tr9121)


def _documented(rule: Rule, text: str) -> Rule:
    rule.check.__doc__ = text
    return rule
