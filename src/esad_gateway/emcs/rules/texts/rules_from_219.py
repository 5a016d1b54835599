"""Catalogue entries of the rules from R219 on."""

from typing import Final

from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.faults import CatalogueEntry

ENTRIES: Final = (
    CatalogueEntry(
        number="R219",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The gross mass is equal to or higher than the net mass.",
        lt="Bruto masė turi būti lygi neto masei arba už ją didesnė.",
        hint="Check whether the two masses have been swapped.",
    ),
    CatalogueEntry(
        number="R231",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Every line explained is a line of the e-SAD, and no line is explained twice.",
        lt="Kiekviena aiškinama eilutė turi būti e-SAD eilutė; ta pati eilutė aiškinama tik vieną kartą.",
        hint="Use the unique references of the e-SAD's lines, each once.",
    ),
    CatalogueEntry(
        number="R232",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The value is greater than zero.",
        lt="Reikšmė turi būti didesnė už nulį.",
        hint="Give the real value; zeros are no placeholder.",
    ),
    CatalogueEntry(
        number="R236",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The office exists in the list of offices.",
        lt="Įstaiga turi būti įstaigų sąraše.",
        hint="Look the office up; it may have been renamed.",
    ),
    CatalogueEntry(
        number="R237",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="An alcoholic strength by volume lies between 0.5 and 100.",
        lt="Alkoholio koncentracija tūrio procentais turi būti nuo 0,5 iki 100, įskaitant.",
        hint="Give the strength in percent by volume.",
    ),
    CatalogueEntry(
        number="R251",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Packages counted as 0 have the same shipping marks as other packages in the document that are counted.",
        lt="Pakuotės, kurių skaičius 0, turi tą patį ženklinimą kaip kitos šio dokumento suskaičiuotos pakuotės.",
        hint="Give the marks of the packages in which the goods are, or their number.",
    ),
    CatalogueEntry(
        number="R255",
        code=FunctionalErrorCodes.MESSAGE_OUT_OF_SEQUENCE,
        en="The sequence number is the latest one of the e-SAD.",
        lt="Eilės numeris turi būti naujausias to e-SAD eilės numeris.",
        hint="Read the sequence number from the latest e-SAD or change of destination.",
    ),
    CatalogueEntry(
        number="R258",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The destination of a duty-paid movement is 9, 10 or 11; the others belong to duty suspension.",
        lt="Gabenant prekes, už kurias akcizai sumokėti, paskirties rūšis gali būti 9, 10 arba 11; kitos paskirties "
        "rūšys taikomos tik akcizų mokėjimo laikino atidėjimo režimui.",
        hint="Give 9 for a certified consignee, 10 for a temporary one, or 11 for a return to the consignor.",
    ),
    CatalogueEntry(
        number="R259",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A duty-paid movement, by its ARC, is changed to destination 9, 10 or 11; others belong to duty suspension.",
        lt="Keičiant gabenimo, už kurio prekes akcizai sumokėti (tai rodo ARC), paskirtį nurodoma rūšis 9, 10 arba 11; "
        "kitos taikomos tik akcizų mokėjimo laikino atidėjimo režimui.",
        hint="Give 9 or 10 for another place of the same consignee, 11 for a return to the consignor.",
    ),
    CatalogueEntry(
        number="R260",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The origin of a duty-paid movement is 3.",
        lt="Gabenant prekes, už kurias akcizai sumokėti, kilmės rūšis yra 3.",
        hint="Give origin type 3, duty paid.",
    ),
    CatalogueEntry(
        number="R261",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A duty-paid draft is submitted as type 3; this gateway takes no drafts for duty suspension.",
        lt="Prekių, už kurias akcizai sumokėti, e-SAD projekto pateikimo rūšis yra 3; akcizų mokėjimo laikino "
        "atidėjimo režimui skirti projektai čia nepriimami.",
        hint="Give submission type 3, or submit an e-AD where duty suspension is served.",
    ),
    CatalogueEntry(
        number="R262",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A reminder on a duty-paid movement is of type 1 or 2; destinations are never left open.",
        lt="Priminimo dėl prekių, už kurias akcizai sumokėti, rūšis yra 1 arba 2; paskirties vieta visada žinoma.",
        hint="Give 1 change of destination or 2 report of receipt.",
    ),
    CatalogueEntry(
        number="R271",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="What Northern Ireland sends names at least one excise number, reference or ARC of Northern Ireland (XI).",
        lt="Šiaurės Airijos siunčiamame pranešime turi būti bent vienas jos (XI) akcizo numeris, leidimo numeris arba "
        "ARC.",
        hint="Check the sender of the message, and the parties.",
    ),
    CatalogueEntry(
        number="R273",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="What Northern Ireland sends is about an ARC, or names a party, of Northern Ireland (XI).",
        lt="Šiaurės Airijos siunčiamas pranešimas turi būti dėl jos (XI) suteikto ARC arba jame turi būti jos asmuo.",
        hint="Check the sender of the message, and the ARC.",
    ),
    CatalogueEntry(
        number="R274",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="What Northern Ireland reports has a report number, an ARC or a party of Northern Ireland (XI).",
        lt="Šiaurės Airijos pranešime turi būti jos (XI) pranešimo numeris, ARC arba asmuo.",
        hint="Check the sender of the message, and the report number.",
    ),
)
"""In the order of their numbers."""
