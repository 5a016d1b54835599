"""The catalogue: for every rule its functional error code and what it says, in English and in Lithuanian.

Numbers are the official ones and are never used for anything else. ``IR6`` is article 6 of Implementing Regulation (EU)
2022/1637, which has no number in the rulebook. Numbers that begin with ``GW-`` are this gateway's own answers, and
``XSD`` stands for everything the schema refuses; neither has a rule function.
"""

from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.faults import Catalogue, CatalogueEntry

XSD: Final = "XSD"
NOT_FROM_TRADERS: Final = "GW-001"
NOT_BETWEEN_ADMINISTRATIONS: Final = "GW-002"
DUPLICATE: Final = "GW-003"
OUT_OF_SEQUENCE: Final = "GW-004"
WRONG_RECIPIENT: Final = "GW-005"
WRONG_SENDER: Final = "GW-006"

RULE_ENTRIES: Final = (
    CatalogueEntry(
        number="R030",
        code=FunctionalErrorCodes.INVALID_ARC,
        en="An ARC has 21 characters: year, member state, 15 characters, type of movement (P: duty paid), check digit.",
        lt="ARC sudaro 21 ženklas: metai, valstybė narė, 15 ženklų, gabenimo rūšis (P reiškia, kad akcizai už "
        "prekes sumokėti) ir kontrolinis skaitmuo.",
        hint="Copy the ARC from the e-SAD; a typing error is the usual cause.",
    ),
    CatalogueEntry(
        number="R044",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The consignor of a duty-paid movement is a certified or temporary certified consignor in SEED, valid on "
        "the date of dispatch.",
        lt="Gabenant prekes, už kurias akcizai sumokėti, siuntėjas išsiuntimo dieną turi būti SEED registre "
        "įregistruotas patvirtintas arba laikinai patvirtintas siuntėjas.",
        hint="Give the SEED number under which the consignor is certified; other capacities have other numbers.",
    ),
    CatalogueEntry(
        number="R045",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The consignee is registered in SEED as the destination type asks: a certified consignee for 9, a temporary "
        "certified consignee for 10, valid on the date of dispatch.",
        lt="Gavėjas išsiuntimo dieną turi būti įregistruotas SEED registre ir turėti paskirties rūšį atitinkantį "
        "statusą: 9 reiškia patvirtintą gavėją, 10 reiškia laikinai patvirtintą gavėją.",
        hint="Ask the consignee for the SEED number of the right capacity, or correct the destination type.",
    ),
    CatalogueEntry(
        number="R054",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The journey time is not longer than the maximum for the transport mode, which for duty paid is 30 days "
        "more than under duty suspension.",
        lt="Vežimo trukmė negali viršyti transporto rūšiai nustatytos didžiausios trukmės; gabenant prekes, už kurias "
        "akcizai sumokėti, ji 30 dienų ilgesnė nei taikant akcizų mokėjimo laikino atidėjimo režimą.",
        hint="Shorten the journey time or correct the transport mode.",
    ),
    CatalogueEntry(
        number="R058",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Each line refers to a line of the e-SAD, and no two lines refer to the same one.",
        lt="Kiekviena eilutė turi nurodyti e-SAD esančią prekių eilutę; ta pati e-SAD eilutė nurodoma tik vieną kartą.",
        hint="Use the unique references of the e-SAD's lines, each once.",
    ),
    CatalogueEntry(
        number="R060",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The lines are numbered from 1 without gaps, and each number occurs once.",
        lt="Prekių eilutės numeruojamos iš eilės nuo 1, be tarpų; numeriai negali kartotis.",
        hint="Number the lines 1, 2, 3 and so on.",
    ),
    CatalogueEntry(
        number="R196",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A duty-paid draft names a certified consignee (9) or a temporary certified consignee (10) as destination.",
        lt="Prekių, už kurias akcizai sumokėti, e-SAD projekte nurodoma paskirties rūšis 9 (patvirtintas gavėjas) arba "
        "10 (laikinai patvirtintas gavėjas).",
        hint="Ask for a return to the place of dispatch (11) by a change of destination, once the e-SAD is issued.",
    ),
    CatalogueEntry(
        number="R219",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The gross mass is equal to or higher than the net mass.",
        lt="Bruto masė turi būti lygi neto masei arba už ją didesnė.",
        hint="Check whether the two masses have been swapped.",
    ),
    CatalogueEntry(
        number="R232",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The value is greater than zero.",
        lt="Reikšmė turi būti didesnė už nulį.",
        hint="Give the real value; zeros are no placeholder.",
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
        hint="Give 9 for a certified consignee or 10 for a temporary one.",
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
        number="TC16",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The conclusion of a duty-paid receipt is 1, 2, 3 or 4; 21 to 23 belong to export.",
        lt="Prekių, už kurias akcizai sumokėti, gavimo išvada gali būti 1, 2, 3 arba 4; išvados 21, 22 ir 23 skirtos "
        "eksportui.",
        hint="Give 1 accepted, 2 accepted although unsatisfactory, 3 refused or 4 partially refused.",
    ),
    CatalogueEntry(
        number="C010",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The consignee's identification is required for destinations 9, 10 and 11.",
        lt="Kai paskirties rūšis yra 9, 10 arba 11, gavėjo identifikacinis numeris privalomas.",
        hint="Give the consignee's SEED number, or the temporary authorisation reference.",
    ),
    CatalogueEntry(
        number="C067",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The observed shortage or excess is given exactly when the line says which of the two it is.",
        lt="Nustatytas trūkumas arba perteklius nurodomas tada ir tik tada, kai eilutėje nurodytas trūkumo arba "
        "pertekliaus požymis.",
        hint="Give the quantity that is missing or in excess.",
    ),
    CatalogueEntry(
        number="C095",
        code=FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION,
        en="A refused quantity is given only when the receipt is partially refused (conclusion 4).",
        lt="Kiekis, kurį atsisakyta priimti, nurodomas tik iš dalies atsisakius priimti prekes (išvada 4).",
        hint="Leave the refused quantity out, or give conclusion 4.",
    ),
    CatalogueEntry(
        number="C116",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The consignee is required unless the destination is unknown, which it never is for duty paid.",
        lt="Gavėjo duomenys privalomi, išskyrus atvejus, kai paskirties vieta nežinoma; gabenant prekes, už kurias "
        "akcizai sumokėti, ji visada žinoma.",
        hint="Add the consignee with its SEED number, name and address.",
    ),
    CatalogueEntry(
        number="C118",
        code=FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION,
        en="The place of delivery does not apply when the goods have returned to the consignor (destination 11).",
        lt="Kai prekės grąžintos siuntėjui (paskirties rūšis 11), pristatymo vieta nenurodoma.",
        hint="Leave the place of delivery out.",
    ),
    CatalogueEntry(
        number="C140",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A report of receipt lists at least one line, and none when everything was accepted and satisfactory.",
        lt="Gavimo pranešime (e-RoR) turi būti bent viena prekių eilutė; kai visos prekės priimtos ir pastabų nėra, "
        "eilutės nenurodomos.",
        hint="Add a line for every product that the conclusion concerns.",
    ),
    CatalogueEntry(
        number="C159",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Every line of the report gives at least one reason, unless everything was accepted and satisfactory.",
        lt="Kiekvienoje gavimo pranešimo (e-RoR) eilutėje nurodoma bent viena neatitikties priežastis, išskyrus "
        "atvejus, kai visos prekės priimtos ir pastabų nėra.",
        hint="Add the reason: 1 excess, 2 shortage, 3 damaged, 4 broken seal, 7 above the authorisation, 0 other.",
    ),
    CatalogueEntry(
        number="C164",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="For destinations 9 and 10 the place of delivery is required; a customs office of delivery does not apply.",
        lt="Kai paskirties rūšis yra 9 arba 10, pristatymo vieta privaloma, o pristatymo vietos muitinės įstaiga "
        "nenurodoma.",
        hint="Add the place of delivery with its identification, name and address.",
    ),
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
        lt="Eilutėje nurodytas akcizais apmokestinamos prekės kodas turi sutapti su to paties numerio e-SAD "
        "eilutės kodu.",
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
        number="BR048",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The certified consignee is authorised for the excise product of every line.",
        lt="Patvirtintas gavėjas turi turėti teisę gauti visas eilutėse nurodytas akcizais apmokestinamas prekes.",
        hint="Ask the consignee to have the product added to its authorisation before the goods leave.",
    ),
    CatalogueEntry(
        number="BR056",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The goods arrived on the date of dispatch or later.",
        lt="Prekių atgabenimo data negali būti ankstesnė už išsiuntimo datą.",
        hint="Correct the date of arrival.",
    ),
    CatalogueEntry(
        number="IR6",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A draft is submitted at most 7 days before the date of dispatch, and after that date only as deferred.",
        lt="E-SAD projektas teikiamas ne anksčiau kaip likus 7 dienoms iki išsiuntimo datos, o vėliau tik "
        "pažymint, kad pateikimas atidėtas.",
        hint="Give a date from today to 7 days ahead, or the deferred submission flag if the goods have left already.",
    ),
)

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
)

CATALOGUE: Final[Catalogue] = MappingProxyType({entry.number: entry for entry in RULE_ENTRIES + ANSWER_ENTRIES})
"""Every entry by its number."""
