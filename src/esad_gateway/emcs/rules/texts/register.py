"""Catalogue entries of the rules on what is registered, before any message asks for it."""

from typing import Final

from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.faults import CatalogueEntry

ENTRIES: Final = (
    CatalogueEntry(
        number="R233",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The counterparty of a temporary authorisation is registered in another member state than its holder, in a "
        "capacity that deals with the holder's.",
        lt="Laikinajame leidime nurodyta kita šalis turi būti įregistruota kitoje valstybėje narėje nei jo turėtojas, "
        "kaip jam tinkama šalis.",
        hint="Name a trader of another member state: a consignee for a consignor, a consignor for a consignee.",
    ),
    CatalogueEntry(
        number="R264",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Only certified and temporary certified traders may hold S600, completely denatured alcohol.",
        lt="Visiškai denatūruotas alkoholis (S600) gali būti tik patvirtintų ir laikinai patvirtintų asmenų "
        "leidimuose.",
        hint="Leave S600 out of this authorisation.",
    ),
    CatalogueEntry(
        number="C209",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A temporary certified consignor's authorisation names the counterparty; a consignee's may.",
        lt="Laikinai patvirtinto siuntėjo leidime kita šalis privaloma, o laikinai patvirtinto gavėjo leidime "
        "neprivaloma.",
        hint="Name the consignee.",
    ),
    CatalogueEntry(
        number="BR051",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A temporary certified consignee is named by the authorisation of one temporary certified consignor only.",
        lt="Laikinai patvirtintas gavėjas gali būti nurodytas tik vieno laikinai patvirtinto siuntėjo leidime.",
        hint="The consignee needs an authorisation of its own for every consignor.",
    ),
)
"""In the order of their numbers."""
