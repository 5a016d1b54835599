"""Catalogue entries of the business rules."""

from typing import Final

from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.faults import CatalogueEntry

ENTRIES: Final = (
    CatalogueEntry(
        number="BR001",
        code=FunctionalErrorCodes.DUPLICATE_LRN,
        en="The consignor has used this local reference number for no other document.",
        lt="Siuntėjas šio vietinio registracijos numerio (LRN) negali būti panaudojęs kitame dokumente.",
        hint="Take a new local reference number; to repeat a draft, send the same message again, identifier included.",
    ),
    CatalogueEntry(
        number="BR007",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The journey time is not longer than the member state of dispatch allows for the transport mode.",
        lt="Vežimo trukmė negali viršyti didžiausios trukmės, kurią tai transporto rūšiai nustatė išsiuntimo valstybė "
        "narė.",
        hint="Shorten the journey time or correct the transport mode.",
    ),
    CatalogueEntry(
        number="BR020",
        code=FunctionalErrorCodes.UNKNOWN_ARC,
        en="The ARC belongs to an e-SAD that exists here.",
        lt="ARC turi būti suteiktas sistemoje esančiam e-SAD.",
        hint="Check the ARC; an e-SAD that was just issued elsewhere may still be on its way.",
    ),
    CatalogueEntry(
        number="BR021",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The consignee is the one that the e-SAD or its last change of destination names.",
        lt="Gavėjas turi būti tas pats, kuris nurodytas e-SAD arba paskutiniame paskirties vietos pakeitime.",
        hint="Only the consignee of the movement reports its receipt.",
    ),
    CatalogueEntry(
        number="BR022",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The place of delivery is the one that the e-SAD or its last change of destination identifies.",
        lt="Pristatymo vieta turi būti ta pati, kuri nurodyta e-SAD arba paskutiniame paskirties vietos pakeitime.",
        hint="Copy its identification from the e-SAD, or leave it out.",
    ),
    CatalogueEntry(
        number="BR023",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The report is submitted on the day the goods arrived or later.",
        lt="Gavimo pranešimas (e-RoR) teikiamas prekių atgabenimo dieną arba vėliau.",
        hint="The date of arrival lies in the future: correct it, or report after the arrival.",
    ),
    CatalogueEntry(
        number="BR024",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A line has the excise product code of the e-SAD's line with the same reference.",
        lt="Eilutėje nurodytas akcizais apmokestinamos prekės kodas turi sutapti su to paties numerio e-SAD eilutės "
        "kodu.",
        hint="Check whether two lines have been swapped.",
    ),
    CatalogueEntry(
        number="BR025",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Shortage and refused quantity of a line are together not more than its quantity in the e-SAD or, after a "
        "partial refusal, than the quantity refused then.",
        lt="Eilutėje nurodyto trūkumo ir kiekio, kurį atsisakyta priimti, suma negali viršyti e-SAD nurodyto kiekio "
        "arba, jeigu prekes jau buvo iš dalies atsisakyta priimti, tada nepriimto kiekio.",
        hint="Correct the shortage or the refused quantity.",
    ),
    CatalogueEntry(
        number="BR026",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The destination office is the one in charge of the consignee in SEED.",
        lt="Paskirties įstaiga turi būti ta, kuriai gavėjas priskirtas SEED registre.",
        hint="Give the excise office of the consignee.",
    ),
    CatalogueEntry(
        number="BR027",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The destination office is the one that issued the consignee's temporary authorisation.",
        lt="Paskirties įstaiga turi būti ta, kuri gavėjui išdavė laikinąjį leidimą.",
        hint="Give the office that issued the authorisation.",
    ),
    CatalogueEntry(
        number="BR028",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A change of destination changes something: the consignee, or the place of delivery.",
        lt="Keičiant paskirties vietą turi pasikeisti gavėjas arba pristatymo vieta.",
        hint="Give the new place of delivery.",
    ),
    CatalogueEntry(
        number="BR041",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="An explained line is one of which the report of receipt declares a shortage or excess.",
        lt="Aiškinama tik ta eilutė, kurios trūkumas arba perteklius nurodytas gavimo pranešime.",
        hint="Look up the lines of the report of receipt.",
    ),
    CatalogueEntry(
        number="BR045",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The authorisation of a temporary certified consignor names the certified consignee of the movement.",
        lt="Laikinai patvirtinto siuntėjo leidime turi būti nurodytas šio gabenimo patvirtintas gavėjas.",
        hint="Send only to the consignee of the authorisation.",
    ),
    CatalogueEntry(
        number="BR046",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The authorisation of a temporary certified consignee names the certified consignor of the movement.",
        lt="Laikinai patvirtinto gavėjo leidime turi būti nurodytas šio gabenimo patvirtintas siuntėjas.",
        hint="The consignee needs an authorisation for this consignor.",
    ),
    CatalogueEntry(
        number="BR047",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The authorisations of two temporary parties name each other.",
        lt="Kai abi šalys patvirtintos laikinai, jų leidimuose turi būti nurodyta viena kita.",
        hint="Both parties need authorisations for each other.",
    ),
    CatalogueEntry(
        number="BR048",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The certified consignee is authorised for the excise product of every line.",
        lt="Patvirtintas gavėjas turi turėti teisę gauti visas eilutėse nurodytas akcizais apmokestinamas prekes.",
        hint="Ask the consignee to have the product added to its authorisation before the goods leave.",
    ),
    CatalogueEntry(
        number="BR049",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The temporary certified consignee's authorisation has a quantity for the product of every line.",
        lt="Laikinai patvirtinto gavėjo leidime turi būti nurodyti visų eilučių akcizais apmokestinamų prekių kiekiai.",
        hint="Ask the consignee to have the product added to its authorisation before the goods leave.",
    ),
    CatalogueEntry(
        number="BR050",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A change of destination keeps the consignee of the e-SAD (9, 10) or returns the goods to the consignor "
        "(11).",
        lt="Keičiant paskirties vietą gavėjas lieka tas pats (9, 10) arba prekės grąžinamos siuntėjui (11).",
        hint="Duty-paid goods cannot be given to another consignee on their way.",
    ),
    CatalogueEntry(
        number="BR052",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A temporary authorisation has enough left for the quantities of the draft, and one for a single movement "
        "is unused.",
        lt="Laikinojo leidimo likutis turi būti ne mažesnis už projekto kiekius; vienkartinis leidimas turi būti "
        "nepanaudotas.",
        hint="Lower the quantity, or ask for a new authorisation.",
    ),
    CatalogueEntry(
        number="BR053",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A reusable temporary authorisation has enough left for the quantities that are still to be received.",
        lt="Daugkartinio laikinojo leidimo likutis turi būti ne mažesnis už kiekius, kurie dar turi būti gauti.",
        hint="Ask the office that issued the authorisation.",
    ),
    CatalogueEntry(
        number="BR055",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The journey ends before the temporary authorisations of the parties do.",
        lt="Vežimas turi baigtis ne vėliau, negu baigiasi šalių laikinųjų leidimų galiojimas.",
        hint="Shorten the journey time, or have the authorisation prolonged.",
    ),
    CatalogueEntry(
        number="BR056",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The goods arrived on the date of dispatch or later.",
        lt="Prekių atgabenimo data negali būti ankstesnė už išsiuntimo datą.",
        hint="Correct the date of arrival.",
    ),
)
"""In the order of their numbers."""
