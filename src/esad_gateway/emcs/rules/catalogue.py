"""The catalogue: for every rule its functional error code and what it says, in English and in Lithuanian.

The texts of the rules are in :mod:`esad_gateway.emcs.rules.texts`, a module for every part of the rulebook.

Numbers are the official ones and are never used for anything else. ``IR6`` is article 6 of Implementing Regulation (EU)
2022/1637, which has no number in the rulebook. Numbers that begin with ``GW-`` are this gateway's own answers, and
``XSD`` stands for everything the schema refuses; neither has a rule function.
"""

from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.emcs.rules.texts import (
    business,
    conditions_from_120,
    conditions_to_119,
    lists,
    register,
    rules_from_219,
    rules_to_218,
)
from esad_gateway.faults import Catalogue, CatalogueEntry

XSD: Final = "XSD"
NOT_FROM_TRADERS: Final = "GW-001"
NOT_BETWEEN_ADMINISTRATIONS: Final = "GW-002"
DUPLICATE: Final = "GW-003"
OUT_OF_SEQUENCE: Final = "GW-004"
WRONG_RECIPIENT: Final = "GW-005"
WRONG_SENDER: Final = "GW-006"
NOT_FOR_DUTY_PAID: Final = "GW-007"
OTHER_SENDER: Final = "GW-008"
NO_STANDING: Final = "GW-009"

RULE_ENTRIES: Final = (
    *rules_to_218.ENTRIES,
    *rules_from_219.ENTRIES,
    *lists.ENTRIES,
    *conditions_to_119.ENTRIES,
    *conditions_from_120.ENTRIES,
    *business.ENTRIES,
)

REGISTER_ENTRIES: Final = register.ENTRIES
"""Rules on registrations, which no message breaks."""

ANSWER_ENTRIES: Final = (
    CatalogueEntry(
        number=XSD,
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The document does not follow the schema of its message.",
        lt="Dokumentas neatitinka pranešimo schemos.",
        hint="Correct the element at this place: its name, order, number or form.",
    ),
    CatalogueEntry(
        number=NOT_FROM_TRADERS,
        code=FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION,
        en="Messages of this type are not accepted from traders.",
        lt="Šios rūšies pranešimai iš ūkio subjektų nepriimami.",
        hint="Check the type of the message; authorities send this one, or this release does not serve it.",
    ),
    CatalogueEntry(
        number=NOT_BETWEEN_ADMINISTRATIONS,
        code=FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION,
        en="Messages of this type are not exchanged between administrations here.",
        lt="Šios rūšies pranešimais administracijos tarpusavyje nesikeičia.",
        hint="Check the type of the message; traders send this one, or this release does not serve it.",
    ),
    CatalogueEntry(
        number=DUPLICATE,
        code=FunctionalErrorCodes.DUPLICATE_DETECTED,
        en="This message, or this version of the movement, has been received before.",
        lt="Šis pranešimas arba ši gabenimo dokumento versija jau buvo gauta.",
        hint="Nothing is to be done: what came first stands.",
    ),
    CatalogueEntry(
        number=OUT_OF_SEQUENCE,
        code=FunctionalErrorCodes.MESSAGE_OUT_OF_SEQUENCE,
        en="The state of the movement does not allow this message.",
        lt="Esant dabartinei gabenimo būsenai šis pranešimas negalimas.",
        hint="Look up the state of the movement; another message may have come first.",
    ),
    CatalogueEntry(
        number=WRONG_RECIPIENT,
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The message is addressed to another administration.",
        lt="Pranešimas skirtas kitos valstybės narės administracijai.",
        hint="Send it to the administration that it names, or correct the recipient.",
    ),
    CatalogueEntry(
        number=WRONG_SENDER,
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The sending administration has no part in this movement that would allow it to send this message.",
        lt="Pranešimą atsiuntusi administracija neturi teisės jo siųsti dėl šio gabenimo.",
        hint="Only the state of dispatch sends an e-SAD, and only the state of destination its report of receipt.",
    ),
    CatalogueEntry(
        number=NOT_FOR_DUTY_PAID,
        code=FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION,
        en="There is no such message for goods with duty paid: an e-SAD is not cancelled, split or exported.",
        lt="Gabenant prekes, už kurias akcizai sumokėti, tokio pranešimo nėra: e-SAD neatšaukiamas, nedalijamas ir "
        "eksportui nenaudojamas.",
        hint="To end a movement, change its destination to a return (11), or ask your office for manual closure.",
    ),
    CatalogueEntry(
        number=OTHER_SENDER,
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The header of a trader's message names the trader's own administration as sender.",
        lt="Ūkio subjekto pranešimo antraštėje siuntėju nurodoma jo paties valstybės narės administracija.",
        hint="Give the administration that you send the message to, such as NDEA.LT.",
    ),
    CatalogueEntry(
        number=NO_STANDING,
        code=FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION,
        en="The writer takes part in this movement, but in another role than the one that may write this message.",
        lt="Pranešimo teikėjas gabenime dalyvauja, bet šį pranešimą gali teikti tik kitas jo dalyvis.",
        hint="Leave it to the party that may, or write what belongs to your own role.",
    ),
)

CATALOGUE: Final[Catalogue] = MappingProxyType(
    {entry.number: entry for entry in RULE_ENTRIES + REGISTER_ENTRIES + ANSWER_ENTRIES}
)
"""Every entry by its number."""
