"""Who must have signed what: the trader that a message names as its author, by the role that its type belongs to.

===========  ==========================================================================
IE815        the consignor
IE813        the consignor, whom the message does not name: only the movement knows
IE818 IE819  the consignee
IE837        the submitter, by ``SubmitterIdentification``
IE871        the consignor or the consignee, as ``SubmitterType`` says
all others   an administration, by ``MessageSender``
===========  ==========================================================================
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from esad_gateway.emcs.codes import SubmitterType

if TYPE_CHECKING:
    from esad_gateway.emcs.messages import IE813, IE837, IE871


def consignor(message: Any) -> str | None:
    """The consignor, where the message names one."""
    return message.consignor_trader.trader_excise_number if message.consignor_trader else None


def consignee(message: Any) -> str | None:
    """The consignee, where the message names one."""
    return message.consignee_trader.traderid if message.consignee_trader else None


def submitter(message: "IE837") -> str | None:
    """The trader who explains a delay, where it gives its number."""
    return message.attributes.submitter_identification


def explainer(message: "IE871") -> str | None:
    """The trader who explains a shortage: the party that ``SubmitterType`` names."""
    return _EXPLAINERS[message.attributes.submitter_type](message)


def unnamed(_message: "IE813") -> str | None:
    """Nobody: only the movement knows who its consignor is."""
    return None


_EXPLAINERS: Final[Mapping[SubmitterType, Callable[["IE871"], str | None]]] = MappingProxyType(
    {SubmitterType.CONSIGNOR: consignor, SubmitterType.CONSIGNEE: consignee}
)
