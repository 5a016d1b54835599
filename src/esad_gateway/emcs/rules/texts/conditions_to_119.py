"""Catalogue entries of the conditions C002 to C119."""

from typing import Final

from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.faults import CatalogueEntry

ENTRIES: Final = (
    CatalogueEntry(
        number="C002",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A group with texts in it says in which language they are written, and one without texts does not.",
        lt="Jeigu grupėje yra teksto, nurodoma jo kalba; jeigu teksto nėra, kalba nenurodoma.",
        hint='Add the language attribute to the group, such as language="lt".',
    ),
    CatalogueEntry(
        number="C006",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A document has a type, a description or a reference at least.",
        lt="Nurodoma bent dokumento rūšis, jo aprašymas arba nuoroda į jį.",
        hint="Say which document it is, or leave it out.",
    ),
    CatalogueEntry(
        number="C010",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The consignee's identification is required for destinations 9, 10 and 11.",
        lt="Kai paskirties rūšis yra 9, 10 arba 11, gavėjo identifikacinis numeris privalomas.",
        hint="Give the consignee's SEED number, or the temporary authorisation reference.",
    ),
    CatalogueEntry(
        number="C012",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The place of dispatch is required for duty paid; an import office does not apply.",
        lt="Gabenant prekes, už kurias akcizai sumokėti, išsiuntimo vieta privaloma, o importo įstaiga nenurodoma.",
        hint="Add the place of dispatch with name and address.",
    ),
    CatalogueEntry(
        number="C017",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="As many guarantors are described as the guarantor type says: one each for transporter and owner.",
        lt="Aprašoma tiek garantų, kiek nurodo garanto rūšis: po vieną vežėjui ir prekių savininkui.",
        hint="Add or leave out guarantors, or correct the guarantor type.",
    ),
    CatalogueEntry(
        number="C032",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A rejection says why; for an alert the reason is optional.",
        lt="Atmetant e-SAD priežastis privaloma; įspėjant ji neprivaloma.",
        hint="Add the reason: 1 not concerned, 2 products, 3 quantities, 0 other.",
    ),
    CatalogueEntry(
        number="C039",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A control action that is not in the list (0, other) is described, and the others are not.",
        lt="Kitas kontrolės veiksmas (0) aprašomas; klasifikatoriuje esantys veiksmai neaprašomi.",
        hint="Say what was done, or give the action of the list.",
    ),
    CatalogueEntry(
        number="C045",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="An imported wine (category 4) names the country it comes from, and no other wine does.",
        lt="Importuoto vyno (4 kategorija) kilmės šalis privaloma, kito vyno nenurodoma.",
        hint="Add the country of origin.",
    ),
    CatalogueEntry(
        number="C047",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The alcoholic strength is required for the products that the list marks so, and does not apply to others.",
        lt="Alkoholio koncentracija privaloma klasifikatoriuje pažymėtoms prekėms, kitoms ji nenurodoma.",
        hint="Add the strength by volume in percent.",
    ),
    CatalogueEntry(
        number="C048",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Beer has a degree Plato when the state of dispatch or destination taxes beer by it; other products have "
        "none.",
        lt="Alaus Plato laipsnis privalomas, jeigu pagal jį alų apmokestina išsiuntimo arba paskirties valstybė; "
        "kitoms prekėms jis nenurodomas.",
        hint="Add the degree Plato of the beer.",
    ),
    CatalogueEntry(
        number="C049",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The density is required for the products that the list marks so, and does not apply to others.",
        lt="Tankis privalomas klasifikatoriuje pažymėtoms prekėms, kitoms jis nenurodomas.",
        hint="Add the density at 15 °C in kg/m³.",
    ),
    CatalogueEntry(
        number="C063",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A consignor who explains is described as consignor, a consignee as consignee, and nobody else.",
        lt="Aprašomas tik paaiškinimo pateikėjas: siuntėjas kaip siuntėjas, gavėjas kaip gavėjas.",
        hint="Describe the submitter that the submitter type names.",
    ),
    CatalogueEntry(
        number="C065",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="An event about certain goods says how much of them is missing or too much; another event does not.",
        lt="Jeigu įvykis susijęs su konkrečiomis prekėmis, nurodomas jų trūkumas arba perteklius; kitaip jie "
        "nenurodomi.",
        hint="Give indicator and quantity.",
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
        number="C073",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Packages are counted when their kind can be, and not when the goods are in bulk.",
        lt="Pakuočių skaičius nurodomas, jeigu tos rūšies pakuotės skaičiuojamos; palaidoms prekėms jis nenurodomas.",
        hint="Give the number of packages.",
    ),
    CatalogueEntry(
        number="C074",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The place of delivery is identified: by a VAT number, a SEED number or any other identification.",
        lt="Pristatymo vietos identifikacinis numeris privalomas: PVM mokėtojo kodas, SEED numeris arba kitas.",
        hint="Add the identification of the place of delivery.",
    ),
    CatalogueEntry(
        number="C078",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The place of delivery has a street, a postcode and a city.",
        lt="Pristatymo vietos gatvė, pašto kodas ir miestas privalomi.",
        hint="Add what is missing of the address.",
    ),
    CatalogueEntry(
        number="C079",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The place of delivery has a name.",
        lt="Pristatymo vietos pavadinimas yra privalomas ir turi būti nurodytas.",
        hint="Add the name of who takes delivery there.",
    ),
    CatalogueEntry(
        number="C080",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A validated event report has a number, a first submission has none; one about another state has a "
        "reference.",
        lt="Patvirtintas įvykio pranešimas turi numerį, pirminis jo neturi; apie įvykį kitoje valstybėje nurodoma ir "
        "nuoroda.",
        hint="Add the number or the reference of the state of submission.",
    ),
    CatalogueEntry(
        number="C082",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Other ARCs follow only when a movement is split.",
        lt="Kiti ARC nurodomi tik tada, kai gabenimas padalijamas, o šis nedalijamas.",
        hint="Leave the downstream ARCs out.",
    ),
    CatalogueEntry(
        number="C084",
        code=FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION,
        en="The certificate of an exempted consignee does not apply to duty paid.",
        lt="Gabenant prekes, už kurias akcizai sumokėti, nuo akcizų atleisto gavėjo duomenys nenurodomi.",
        hint="Leave the complement of the consignee out.",
    ),
    CatalogueEntry(
        number="C090",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A control because of an event that was signalled (2) has evidence of it.",
        lt="Kai kontrolės priežastis yra praneštas įvykis (2), pateikiami jo įrodymai.",
        hint="Give the evidence, or another reason for the control.",
    ),
    CatalogueEntry(
        number="C091",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The office that controls is given by its reference number, or else by state, name, address and a "
        "way to reach it.",
        lt="Kontrolę atlikusi įstaiga nurodoma jos numeriu, o kai jo nėra, nurodoma valstybė, pavadinimas, "
        "adresas ir telefonas, faksas arba el. paštas.",
        hint="Give the reference number alone, or everything else.",
    ),
    CatalogueEntry(
        number="C095",
        code=FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION,
        en="A refused quantity is given only when the receipt is partially refused (conclusion 4).",
        lt="Kiekis, kurį atsisakyta priimti, nurodomas tik iš dalies atsisakius priimti prekes (išvada 4).",
        hint="Leave the refused quantity out, or give conclusion 4.",
    ),
    CatalogueEntry(
        number="C097",
        code=FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION,
        en="Import customs declarations do not apply to duty paid.",
        lt="Gabenant prekes, už kurias akcizai sumokėti, importo muitinės deklaracijos nenurodomos.",
        hint="Leave the declarations out.",
    ),
    CatalogueEntry(
        number="C101",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A guarantor without excise number has name, street, postcode and city.",
        lt="Jeigu garanto akcizo numeris nenurodytas, jo pavadinimas, gatvė, pašto kodas ir miestas privalomi.",
        hint="Add what is missing, or the excise number.",
    ),
    CatalogueEntry(
        number="C102",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="Who arranges the transport is described when it is neither consignor nor consignee.",
        lt="Vežimo organizatorius aprašomas, kai tai nėra nei siuntėjas, nei gavėjas; kitaip jis nenurodomas.",
        hint="Add the arranger of the transport, or correct the transport arrangement.",
    ),
    CatalogueEntry(
        number="C103",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A new arranger of the transport is described when it is neither consignor nor consignee.",
        lt="Naujas vežimo organizatorius aprašomas, kai tai nėra nei siuntėjas, nei gavėjas; kitaip jis nenurodomas.",
        hint="Add the new arranger, or correct the changed transport arrangement.",
    ),
    CatalogueEntry(
        number="C105",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="The destination office is required unless the goods are exported.",
        lt="Paskirties įstaiga privaloma, išskyrus eksporto atvejus; čia ji turi būti nurodyta.",
        hint="Add the office in charge of the consignee.",
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
        number="C119",
        code=FunctionalErrorCodes.INCORRECT_CODE_VALUE,
        en="A partial refusal refuses a quantity of one line at least.",
        lt="Iš dalies atsisakius priimti prekes, nurodomas bent vienos eilutės kiekis, kurį atsisakyta priimti.",
        hint="Give the refused quantity, or another conclusion.",
    ),
)
"""In the order of their numbers."""
