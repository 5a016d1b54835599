"""Catalogue entries of the rules R030 to R218, and of IR6."""

from typing import Final

from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.faults import CatalogueEntry

ENTRIES: Final = (
    CatalogueEntry(
        number="R027",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A guarantor that is named by an excise number is registered in SEED as its holder on the day of dispatch.",
        lt="Akcizo numeriu nurodytas garantas išsiuntimo dieną turi būti tuo numeriu įregistruotas SEED registre.",
        hint="Correct the excise number, or give name and address instead.",
    ),
    CatalogueEntry(
        number="R030",
        code=FunctionalErrorCodes.INVALID_ARC,
        en="An ARC has 21 characters: year, member state, 15 characters, type of movement, check digit.",
        lt="ARC sudaro 21 ženklas: metai, valstybė narė, 15 ženklų, gabenimo rūšis ir kontrolinis skaitmuo.",
        hint="Copy the ARC from the e-SAD; a typing error is the usual cause.",
    ),
    CatalogueEntry(
        number="R032",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="An office reference has 8 characters: the member state and 6 digits or capitals.",
        lt="Įstaigos numerį sudaro 8 ženklai: valstybės narės kodas ir 6 skaitmenys arba didžiosios raidės.",
        hint="Copy the reference from the list of offices, in capitals.",
    ),
    CatalogueEntry(
        number="R038",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="An excise number or temporary authorisation reference of a person involved is registered in SEED.",
        lt="Su gabenimu susijusio asmens akcizo numeris arba laikinojo leidimo numeris turi būti SEED registre.",
        hint="Correct the number, or give another identification or a name.",
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
        number="R051",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The country of origin of an imported wine lies outside the Union.",
        lt="Importuoto vyno kilmės šalis turi būti ne Europos Sąjungos valstybė.",
        hint="Give the code of the country, or another category of wine.",
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
        number="R059",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The e-SAD is version 1 of its movement, and every change of destination makes the next version.",
        lt="e-SAD yra pirmoji gabenimo versija; po kiekvieno paskirties pakeitimo versijos numeris padidėja vienetu.",
        hint="Leave the sequence number out of a submission; the validated copy of a change has 2 or more.",
    ),
    CatalogueEntry(
        number="R060",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The lines are numbered from 1 without gaps, and each number occurs once.",
        lt="Prekių eilutės numeruojamos iš eilės nuo 1, be tarpų; numeriai negali kartotis.",
        hint="Number the lines 1, 2, 3 and so on.",
    ),
    CatalogueEntry(
        number="R070",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="An excise number begins with the two letters of a national administration, and 11 letters or digits "
        "follow.",
        lt="Akcizo numerį sudaro dvi valstybės narės administracijos raidės ir po jų einantys 11 raidžių arba "
        "skaitmenų.",
        hint="Copy the number as it is registered in SEED.",
    ),
    CatalogueEntry(
        number="R071",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="An event report number is the member state that validated the report, 13 digits or capitals, and a digit.",
        lt="Įvykio pranešimo numerį sudaro jį patvirtinusios valstybės narės kodas, 13 skaitmenų arba didžiųjų raidžių "
        "ir kontrolinis skaitmuo.",
        hint="Copy the number from the validated report, in capitals.",
    ),
    CatalogueEntry(
        number="R072",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A delay is explained by the consignor or the consignee of the movement, as the submitter type says.",
        lt="Vėlavimą aiškina to gabenimo siuntėjas arba gavėjas, kaip nurodyta pateikėjo rūšyje.",
        hint="Give the number under which the submitter stands in the e-SAD.",
    ),
    CatalogueEntry(
        number="R093",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The reference of the state of submission begins with the code of that member state.",
        lt="Pateikusios valstybės narės nuoroda prasideda tos valstybės kodu.",
        hint="Put the member state in front.",
    ),
    CatalogueEntry(
        number="R098",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="An event report with this number exists for this ARC.",
        lt="Šiam ARC turi būti tokio numerio įvykio pranešimas.",
        hint="Check number and ARC; the report may not have arrived yet.",
    ),
    CatalogueEntry(
        number="R103",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A control report with this reference exists for this ARC.",
        lt="Šiam ARC turi būti tokio numerio kontrolės ataskaita, ji turi būti žinoma čia.",
        hint="Check reference and ARC; the report may not have arrived yet.",
    ),
    CatalogueEntry(
        number="R109",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A control report reference is the member state, 13 digits or capitals and a check digit.",
        lt="Kontrolės ataskaitos numerį sudaro valstybės narės kodas, 13 skaitmenų arba didžiųjų raidžių ir "
        "kontrolinis skaitmuo.",
        hint="Copy the reference from the report, in capitals.",
    ),
    CatalogueEntry(
        number="R196",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A duty-paid draft names a certified consignee (9) or a temporary certified consignee (10) as destination.",
        lt="Prekių, už kurias akcizai sumokėti, e-SAD projekte nurodoma paskirties rūšis 9 (patvirtintas gavėjas) arba "
        "10 (laikinai patvirtintas gavėjas).",
        hint="1 to 8 belong to duty suspension; a return (11) comes about by a change of destination only.",
    ),
    CatalogueEntry(
        number="R211",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The CN code is one that belongs to the excise product on the date of dispatch.",
        lt="KN kodas išsiuntimo dieną turi atitikti akcizais apmokestinamos prekės kodą.",
        hint="Look up the CN codes of the product.",
    ),
    CatalogueEntry(
        number="R215",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Goods that move without a guarantee (guarantor type 5) are energy products.",
        lt="Be garantijos (garanto rūšis 5) gabenami tik energiniai produktai, kurie yra akcizų objektas.",
        hint="Give another guarantor type; for duty paid usually 4, the consignee.",
    ),
    CatalogueEntry(
        number="R216",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Goods move without a guarantee (guarantor type 5) only by sea or through fixed installations.",
        lt="Be garantijos (garanto rūšis 5) prekės gabenamos tik jūra arba stacionariaisiais įrenginiais.",
        hint="Give another guarantor type; for duty paid usually 4, the consignee.",
    ),
    CatalogueEntry(
        number="R218",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A country is written with its code, and Greece as EL.",
        lt="Šalis nurodoma jos kodu, o Graikija žymima EL.",
        hint="Give the two capitals of the country, EL instead of GR.",
    ),
    CatalogueEntry(
        number="IR6",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A draft is submitted at most 7 days before the date of dispatch, and after that date only as deferred.",
        lt="E-SAD projektas teikiamas ne anksčiau kaip likus 7 dienoms iki išsiuntimo datos, o vėliau tik pažymint, "
        "kad pateikimas atidėtas.",
        hint="Give a date from today to 7 days ahead, or the deferred submission flag if the goods have left already.",
    ),
)
"""In the order of their numbers."""
