"""Catalogue entries of the conditions from C120 on."""

from typing import Final

from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.faults import CatalogueEntry

ENTRIES: Final = (
    CatalogueEntry(
        number="C120",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A new arranger of the transport is described when it is neither consignor nor consignee.",
        lt="Naujas vežimo organizatorius aprašomas, kai tai nėra nei siuntėjas, nei gavėjas; kitu atveju nenurodomas.",
        hint="Add the new arranger, or correct the changed transport arrangement.",
    ),
    CatalogueEntry(
        number="C121",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="An event report describes an event, unless it tells of another transport.",
        lt="Pranešime aprašomas įvykis, išskyrus atvejus, kai pranešama apie kitą transportą.",
        hint="Add the event.",
    ),
    CatalogueEntry(
        number="C126",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="An unsatisfactory receipt for another reason (0) is explained.",
        lt="Neatitiktis dėl kitos priežasties (0) turi būti paaiškinta.",
        hint="Add the explanation as a text.",
    ),
    CatalogueEntry(
        number="C127",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Another transport mode (0) is explained, and no other mode is.",
        lt="Kita transporto rūšis (0) turi būti paaiškinta, o kitos rūšys neaiškinamos.",
        hint="Say in a text how the goods travel.",
    ),
    CatalogueEntry(
        number="C128",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Another explanation of a delay (0) is given as a text.",
        lt="Kita vėlavimo priežastis (0) turi būti nurodyta tekstu.",
        hint="Add the explanation as a text.",
    ),
    CatalogueEntry(
        number="C129",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Another capacity of who reports (0) is explained.",
        lt="Kita pranešusio asmens rūšis (0) turi būti paaiškinta.",
        hint="Say in a text who reports.",
    ),
    CatalogueEntry(
        number="C130",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Another type of event (0) is explained.",
        lt="Kita įvykio rūšis (0) turi būti paaiškinta.",
        hint="Say in a text what happened.",
    ),
    CatalogueEntry(
        number="C132",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Another type of evidence (0) is explained, and no other type is.",
        lt="Kita įrodymo rūšis (0) turi būti paaiškinta, o kitos rūšys neaiškinamos.",
        hint="Say in a text what the evidence is.",
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
        number="C142",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A supporting document has a type, a reference or an image at least.",
        lt="Nurodoma bent pagrindžiančio dokumento rūšis, nuoroda į jį arba jo vaizdas; kitaip jo neįtraukti.",
        hint="Say which document it is, or leave it out.",
    ),
    CatalogueEntry(
        number="C143",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="An interruption for another reason (0) is explained.",
        lt="Gabenimo nutraukimas dėl kitos priežasties (0) turi būti paaiškintas.",
        hint="Add the explanation as a text.",
    ),
    CatalogueEntry(
        number="C149",
        code=FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION,
        en="What the validation adds (its time, a sequence number) stands in the validated copy and in no submission.",
        lt="Patvirtinimo metu įrašomi duomenys (laikas, eilės numeris) būna tik patvirtintame pranešime, bet ne "
        "teikiamame.",
        hint="Leave it out; the administration adds it.",
    ),
    CatalogueEntry(
        number="C150",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A refusal that names an ARC names its sequence number too, and one that names the LRN of a draft has none.",
        lt="Atsisakyme kartu su ARC nurodomas ir eilės numeris, o kartu su projekto LRN eilės numerio nebūna.",
        hint="Add the sequence number of the movement.",
    ),
    CatalogueEntry(
        number="C151",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A refusal names the LRN of a draft, or the ARC of any other message, and never both.",
        lt="Atsisakyme nurodomas projekto LRN arba kito pranešimo ARC, bet ne abu.",
        hint="Give what the refused message names.",
    ),
    CatalogueEntry(
        number="C156",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A transport unit has an identity unless it is a fixed installation (5).",
        lt="Transporto vieneto identifikacija privaloma, išskyrus stacionariuosius įrenginius (5), kuriems ji "
        "nenurodoma.",
        hint="Give the registration number of the vehicle or container.",
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
        number="C161",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="An alert or rejection for another reason (0) is explained.",
        lt="Įspėjimas arba atmetimas dėl kitos priežasties (0) turi būti paaiškintas.",
        hint="Add the explanation as a text.",
    ),
    CatalogueEntry(
        number="C162",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Another transport mode (0) is explained, and no other mode is.",
        lt="Kita transporto rūšis (0) turi būti paaiškinta, kitais atvejais paaiškinimas nenurodomas.",
        hint="Say in a text how the goods travel.",
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
        number="C165",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The new place of delivery is required for 9 and 10 and does not apply to a return; customs offices never "
        "apply.",
        lt="Nauja pristatymo vieta privaloma, kai paskirties rūšis 9 arba 10, ir nenurodoma grąžinant; muitinės "
        "įstaiga nenurodoma.",
        hint="Add the place of delivery with its identification, name and address.",
    ),
    CatalogueEntry(
        number="C180",
        code=FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION,
        en="An EORI number belongs to export and does not apply to duty paid.",
        lt="EORI numeris skirtas eksportui; gabenant prekes, už kurias akcizai sumokėti, jis nenurodomas.",
        hint="Leave the EORI number out.",
    ),
    CatalogueEntry(
        number="C181",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A shortage or excess is explained as a whole, line by line, or both.",
        lt="Trūkumas arba perteklius paaiškinamas bendrai, atskiromis eilutėmis arba abiem būdais.",
        hint="Add the analysis, or lines with explanations.",
    ),
    CatalogueEntry(
        number="C186",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Another type of supporting document (0) is described, and no other type is.",
        lt="Kita pagrindžiančio dokumento rūšis (0) turi būti aprašyta, o kitos rūšys neaprašomos.",
        hint="Say in a text what the document is.",
    ),
    CatalogueEntry(
        number="C190",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Another accompanying document (0) is described, and no other type is.",
        lt="Kitas lydintysis dokumentas (0) turi būti aprašytas, o kitos rūšys neaprašomos.",
        hint="Say in a text what the document is.",
    ),
    CatalogueEntry(
        number="C191",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A control report is about an e-SAD, or about goods under another document.",
        lt="Kontrolės ataskaita teikiama dėl e-SAD arba dėl prekių, kurias lydi kitas dokumentas; vienas jų "
        "privalomas.",
        hint="Give the ARC, or the other document.",
    ),
    CatalogueEntry(
        number="C192",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A line of a control report refers to a line of the e-SAD, if the report is about one.",
        lt="Kontrolės ataskaitos eilutėje nurodoma e-SAD eilutė, jeigu ataskaita teikiama dėl e-SAD.",
        hint="Give the number of the line.",
    ),
    CatalogueEntry(
        number="C193",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Goods under another document have their CN code; goods of an e-SAD are not described again.",
        lt="Prekės, kurias lydi kitas dokumentas, turi KN kodą; e-SAD nurodytos prekės iš naujo neaprašomos.",
        hint="Give the CN code, or refer to the line of the e-SAD instead.",
    ),
    CatalogueEntry(
        number="C194",
        code=FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION,
        en="Lines can be referred to only when the report is about an e-SAD.",
        lt="Eilutės nurodomos tik tada, kai pranešama apie e-SAD, nes kitas dokumentas jų neturi.",
        hint="Leave the reference out, or give the ARC.",
    ),
    CatalogueEntry(
        number="C195",
        code=FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION,
        en="Goods are described only when another document accompanies them.",
        lt="Prekės aprašomos tik tada, kai jas lydi kitas dokumentas, o ne e-SAD; čia aprašymo būti negali.",
        hint="Refer to the line of the e-SAD instead.",
    ),
    CatalogueEntry(
        number="C196",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="An event report is about an e-SAD, or about goods under another document.",
        lt="Įvykio pranešimas teikiamas dėl e-SAD arba dėl prekių, kurias lydi kitas dokumentas; vienas jų privalomas.",
        hint="Give the ARC, or the other document.",
    ),
    CatalogueEntry(
        number="C198",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A person involved has an excise number, another identification or a name at least.",
        lt="Nurodomas bent asmens akcizo numeris, kitas identifikacinis numeris arba pavadinimas; vienas jų būtinas.",
        hint="Say who it is, or leave the person out.",
    ),
    CatalogueEntry(
        number="C199",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A person known by name only has a member state, and nobody else has.",
        lt="Jeigu žinomas tik asmens pavadinimas, nurodoma valstybė narė; kitais atvejais ji nenurodoma.",
        hint="Add the member state of the person.",
    ),
    CatalogueEntry(
        number="C200",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The means of transport are described unless an image of the document is attached.",
        lt="Transporto priemonė aprašoma, jeigu nepridėtas dokumento vaizdas.",
        hint="Add the means of transport, or the image.",
    ),
    CatalogueEntry(
        number="C201",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Goods have CN code, quantity and unit where no image of the document shows them, and only there.",
        lt="Jeigu nepridėtas dokumento vaizdas, prekių KN kodas, kiekis ir matavimo vienetas privalomi; kitaip jie "
        "nenurodomi.",
        hint="Add what is missing of the goods.",
    ),
    CatalogueEntry(
        number="C202",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A document with a type has a reference, and one without type has none.",
        lt="Jeigu nurodyta dokumento rūšis, jo numeris privalomas; kitaip jis nenurodomas.",
        hint="Add the reference of the document.",
    ),
    CatalogueEntry(
        number="C203",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Packages counted as 0 have shipping marks.",
        lt="Jeigu pakuočių skaičius 0, jų ženklinimas privalomas.",
        hint="Give the marks of the packages in which the goods are.",
    ),
    CatalogueEntry(
        number="C204",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A request to close manually for another reason (0) is explained.",
        lt="Prašymas uždaryti gabenimą dėl kitos priežasties (0) turi būti paaiškintas.",
        hint="Add the explanation as a text.",
    ),
    CatalogueEntry(
        number="C205",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Rejecting a manual closure needs a reason, and accepting it has none.",
        lt="Atsisakius uždaryti gabenimą nurodoma priežastis; sutikus ji nenurodoma.",
        hint="Add the reason: 1 evidence, 2 reason, 0 other.",
    ),
    CatalogueEntry(
        number="C206",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Rejecting a manual closure for another reason (0) is explained.",
        lt="Atsisakymas uždaryti gabenimą dėl kitos priežasties (0) turi būti paaiškintas.",
        hint="Add the explanation as a text.",
    ),
    CatalogueEntry(
        number="C207",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The place of dispatch of duty-paid goods has a name, a street, a postcode and a city.",
        lt="Prekių, už kurias akcizai sumokėti, išsiuntimo vietos pavadinimas, gatvė, pašto kodas ir miestas "
        "privalomi.",
        hint="Add what is missing of the place of dispatch.",
    ),
    CatalogueEntry(
        number="C208",
        code=FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION,
        en="Duty-paid goods leave from no tax warehouse: its reference does not apply.",
        lt="Prekės, už kurias akcizai sumokėti, išsiunčiamos ne iš akcizais apmokestinamų prekių sandėlio: jo numeris "
        "nenurodomas.",
        hint="Leave the reference of the tax warehouse out.",
    ),
    CatalogueEntry(
        number="C210",
        code=FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION,
        en="A change of destination of duty-paid goods does not touch the guarantee.",
        lt="Keičiant prekių, už kurias akcizai sumokėti, paskirties vietą garantija nenurodoma.",
        hint="Leave the movement guarantee out.",
    ),
)
"""In the order of their numbers."""
