"""Catalogue entries of the code lists and of the technical rules."""

from typing import Final

from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.faults import CatalogueEntry

ENTRIES: Final = (
    CatalogueEntry(
        number="BC01",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The type of evidence is in the list: 0, 2, 3 or 4.",
        lt="Įrodymo rūšis turi būti iš klasifikatoriaus: 0, 2, 3 arba 4.",
        hint="Give 0 other, 2 police report, 3 another report or 4 customs report.",
    ),
    CatalogueEntry(
        number="BC11",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A member state is written with its code in EMCS: two capitals, EL for Greece, XI for Northern Ireland.",
        lt="Valstybė narė nurodoma jos EMCS kodu: dvi didžiosios raidės, Graikija žymima EL, Šiaurės Airija XI.",
        hint="Give the code of the member state.",
    ),
    CatalogueEntry(
        number="BC12",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A language is one of the 24 official languages of the Union.",
        lt="Kalba turi būti viena iš 24 oficialiųjų Europos Sąjungos kalbų.",
        hint="Give the two small letters of the language, such as lt or en.",
    ),
    CatalogueEntry(
        number="BC15",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The type of event is in the list: 0, 1, 2, 3, 6 or 7.",
        lt="Įvykio rūšis turi būti iš klasifikatoriaus: 0, 1, 2, 3, 6 arba 7.",
        hint="Give 0 other, 1 accident, 2 destroyed, 3 stolen, 6 stolen with the vehicle or 7 transhipment.",
    ),
    CatalogueEntry(
        number="BC17",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A kind of packages is one of the codes of UN/ECE Recommendation 21.",
        lt="Pakuočių rūšis turi būti vienas iš JT EEK 21-osios rekomendacijos kodų.",
        hint="Look the code up in revision 12 of the recommendation (docs/reference/packages.md).",
    ),
    CatalogueEntry(
        number="BC22",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The reason for an alert or rejection is in the list: 0, 1, 2 or 3.",
        lt="Įspėjimo arba atmetimo priežastis turi būti iš klasifikatoriaus: 0, 1, 2 arba 3.",
        hint="Give 0 other, 1 not concerned, 2 the products or 3 the quantities do not match the order.",
    ),
    CatalogueEntry(
        number="BC26",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The reason for an interruption is in the list, 0 to 4.",
        lt="Gabenimo nutraukimo priežastis turi būti iš klasifikatoriaus (nuo 0 iki 4).",
        hint="Give 0 other, 1 fraud suspected, 2 destroyed, 3 lost or stolen or 4 requested at a control.",
    ),
    CatalogueEntry(
        number="BC34",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The capacity of who reports an event is in the list, 0 to 5.",
        lt="Apie įvykį pranešusio asmens rūšis turi būti iš klasifikatoriaus (nuo 0 iki 5).",
        hint="Give 0 other, 1 consignor, 2 consignee, 3 transporter, 4 excise officer or 5 other official.",
    ),
    CatalogueEntry(
        number="BC35",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The transport unit is in the list, 1 to 5.",
        lt="Transporto vienetas turi būti iš klasifikatoriaus (nuo 1 iki 5).",
        hint="Give 1 container, 2 vehicle, 3 trailer, 4 tractor or 5 fixed installation.",
    ),
    CatalogueEntry(
        number="BC36",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The excise product code is in the list of excise products.",
        lt="Akcizais apmokestinamos prekės kodas turi būti iš akcizais apmokestinamų prekių klasifikatoriaus.",
        hint="Give the code of the product, such as W200 still wine or B000 beer.",
    ),
    CatalogueEntry(
        number="BC40",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The wine-growing zone is in the list, 1 to 6.",
        lt="Vynuogių auginimo zona turi būti iš klasifikatoriaus (nuo 1 iki 6).",
        hint="Give 1 A, 2 B, 3 C I, 4 C II, 5 C III (a) or 6 C III (b).",
    ),
    CatalogueEntry(
        number="BC41",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A wine operation is in the list, 0 to 12.",
        lt="Vyno apdorojimo būdas turi būti iš klasifikatoriaus (nuo 0 iki 12).",
        hint="Give the code of the operation, 0 for none or 12 for another one.",
    ),
    CatalogueEntry(
        number="BC46",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The reason why a receipt is unsatisfactory is in the list: 0 to 5 or 7.",
        lt="Neatitikties priežastis turi būti iš klasifikatoriaus: nuo 0 iki 5 arba 7.",
        hint="Give 1 excess, 2 shortage, 3 damaged, 4 broken seal, 7 above the authorisation or 0 other.",
    ),
    CatalogueEntry(
        number="BC51",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The explanation of a delay is in the list, 0 to 6.",
        lt="Vėlavimo paaiškinimas turi būti iš klasifikatoriaus (nuo 0 iki 6).",
        hint="Give 1 cancelled or 2 pending transaction, 3 investigation, 4 weather, 5 strike, 6 accident or 0 other.",
    ),
    CatalogueEntry(
        number="BC52",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The unit of measure is in the list, 1 to 4.",
        lt="Matavimo vienetas turi būti iš klasifikatoriaus (nuo 1 iki 4).",
        hint="Give 1 kg, 2 litre at 15 °C, 3 litre at 20 °C or 4 thousand pieces.",
    ),
    CatalogueEntry(
        number="BC67",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The transport mode is in the list: 0 to 5, 7 or 8.",
        lt="Transporto rūšis turi būti iš klasifikatoriaus: nuo 0 iki 5, 7 arba 8.",
        hint="Give 1 sea, 2 rail, 3 road, 4 air, 5 post, 7 fixed installations, 8 inland waterway or 0 other.",
    ),
    CatalogueEntry(
        number="BC106",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The type of document is in the list, 0 to 19, or a TARIC document code of 4 characters.",
        lt="Dokumento rūšis turi būti iš klasifikatoriaus (nuo 0 iki 19) arba 4 ženklų TARIC dokumento kodas.",
        hint="Give the code of the document, or 0 for another one.",
    ),
    CatalogueEntry(
        number="BC108",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The reason for rejecting a manual closure is in the list: 0, 1 or 2.",
        lt="Atsisakymo uždaryti gabenimą rankiniu būdu priežastis turi būti iš klasifikatoriaus: 0, 1 arba 2.",
        hint="Give 0 other, 1 the evidence does not justify it or 2 the reason does not.",
    ),
    CatalogueEntry(
        number="TC16",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The conclusion of a duty-paid receipt is 1, 2, 3 or 4; 21 to 23 belong to export.",
        lt="Prekių, už kurias akcizai sumokėti, gavimo išvada gali būti 1, 2, 3 arba 4; išvados 21, 22 ir 23 skirtos "
        "eksportui.",
        hint="Give 1 accepted, 2 accepted although unsatisfactory, 3 refused or 4 partially refused.",
    ),
    CatalogueEntry(
        number="TC42",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A duty-paid movement is diverted (1) and never split (2).",
        lt="Prekių, už kurias akcizai sumokėti, paskirties vieta gali būti pakeista (1), bet gabenimas nedalijamas "
        "(2).",
        hint="Give notification type 1, change of destination.",
    ),
    CatalogueEntry(
        number="TC73",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The delay explained is that of the report of receipt (1); a duty-paid destination is never open.",
        lt="Aiškinamas gavimo pranešimo (e-RoR) vėlavimas (1); prekių, už kurias akcizai sumokėti, paskirties vieta "
        "visada žinoma.",
        hint="Give message role 1.",
    ),
    CatalogueEntry(
        number="TR9121",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="An answer or refusal carries the identifier of the message it answers; a message that answers none does "
        "not.",
        lt="Atsakyme ar atsisakyme nurodomas pranešimo, į kurį atsakoma, identifikatorius; kituose pranešimuose jis "
        "nenurodomas.",
        hint="Copy the message identifier of what is answered.",
    ),
)
"""In the order of their numbers."""
