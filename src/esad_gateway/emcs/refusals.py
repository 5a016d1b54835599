"""The messages that say no: IE704 to a trader, IE906 between administrations, IE917 when the schema refused."""

from collections.abc import Iterable
from typing import Any, Final

from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.emcs.documents import Stamp
from esad_gateway.emcs.messages import IE704, IE815, IE906, IE917, Message, ie704, ie917
from esad_gateway.emcs.messages.groups import ConsignorTrader, ExciseMovement, FunctionalError
from esad_gateway.emcs.messages.kinds import trader_of
from esad_gateway.emcs.messages.subject import movement_of
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.faults import Fault, Faults
from esad_gateway.texts import ENGLISH, languages, say

ERROR_LIMIT = 999
"""How many errors one message may carry (schema of IE704, IE906, IE917)."""

TEXT_LIMIT = 350
"""How long an error's reason, location and value may be (``ErrorReasonType`` and its siblings)."""


def generic_refusal(refused: Message, faults: Faults, stamp: Stamp) -> IE704:
    """The IE704 that refuses a trader's message, addressed to our own administration's traders.

    It carries the LRN for a draft (C151), ARC and sequence number for everything else that names a movement (C150),
    and the refused message's identifier as correlation (TR9121). Beyond 999 faults the rest is left out.
    """
    return IE704(
        header=stamp.header(stamp.profile.address, refused.header.message_identifier),
        attributes=_refused_message(refused),
        functional_error=functional_errors(faults, language_of(refused, stamp.profile)),
    )


def language_of(message: Message, profile: NationalProfile) -> str:
    """The language in which the trader who wrote ``message`` reads a refusal.

    It is that of the group in which the message describes its writer (``language``), where there are sentences in it.
    Otherwise it is that of the member state. So it is known without the register, and always the same for a message.
    """
    writer = trader_of(message)
    groups = (getattr(message, name, None) for name in _TRADERS)
    shown = next((one.language for one in groups if one is not None and _number(one) == writer), None)
    return shown if writer and shown in languages() else profile.language


_TRADERS: Final = ("consignor_trader", "consignee_trader")


def _number(trader: Any) -> str | None:
    return trader.trader_excise_number if isinstance(trader, ConsignorTrader) else trader.traderid


def functional_negative_acknowledgement(refused: Message, faults: Faults, stamp: Stamp) -> IE906:
    """The IE906 that refuses another administration's message; ARC and sequence number as TR0104 asks."""
    return IE906(
        header=stamp.header(refused.header.message_sender, refused.header.message_identifier),
        attributes=movement_of(refused),
        functional_error=functional_errors(faults),
    )


def xml_negative_acknowledgement(
    faults: Faults, stamp: Stamp, recipient: str, correlation: str | None, about: ExciseMovement | None = None
) -> IE917:
    """The IE917 for a document that the schema refused.

    ``correlation`` is its identifier and ``about`` its movement (:func:`movement_named`), as far as they were readable.
    Our own traders read it in the language of the member state, other administrations in English.
    """
    language = stamp.profile.language if recipient == stamp.profile.address else ENGLISH
    return IE917(
        header=stamp.header(recipient, correlation),
        attributes=about,
        xml_error=tuple(
            ie917.XmlError(
                error_line_number=fault.line or 0,
                error_column_number=fault.column or 0,
                error_reason=fit(f"{say(fault.text, language)} {say(fault.hint, language)}") or fault.rule,
                error_location=fit(fault.path),
                original_attribute_value=fit(fault.value),
            )
            for fault in faults[:ERROR_LIMIT]
        ),
    )


def functional_errors(faults: Iterable[Fault], language: str = ENGLISH) -> tuple[FunctionalError, ...]:
    """Faults as the functional errors of an IE704 or IE906; the rule's number opens the reason."""
    return tuple(
        FunctionalError(
            error_type=FunctionalErrorCodes(fault.code),
            error_reason=reason_of(fault, language),
            error_location=fit(fault.path),
            original_attribute_value=fit(fault.value),
        )
        for fault in tuple(faults)[:ERROR_LIMIT]
    )


def _refused_message(refused: Message) -> ie704.Attributes | None:
    if isinstance(refused, IE815):
        return ie704.Attributes(local_reference_number=refused.ead_esad_draft.local_reference_number)
    movement = movement_of(refused)
    if movement is None:
        return None
    return ie704.Attributes(
        administrative_reference_code=movement.administrative_reference_code,
        sequence_number=movement.sequence_number,
    )


def reason_of(fault: Fault, language: str = ENGLISH) -> str:
    """The reason of an error: the rule's number, what it says and what to do; in English, states speak to states."""
    return fit(f"{fault.rule}: {say(fault.text, language)} {say(fault.hint, language)}") or fault.rule


def fit(text: str | None) -> str | None:
    """``text`` as one line of at most 350 characters, ``None`` when nothing is left of it."""
    line = " ".join(text.split()) if text else ""
    return (line if len(line) <= TEXT_LIMIT else line[: TEXT_LIMIT - 1] + "…") or None
