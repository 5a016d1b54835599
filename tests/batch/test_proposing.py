"""``esad batch map``: a proposal for somebody else's headings, by their names and by what stands below them."""

import pytest

from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind
from esad_gateway.batch.tables.mapping import read_mapping
from esad_gateway.batch.tables.proposing import proposed, written
from esad_gateway.sheets.table import Cell, Sheet
from esad_gateway.texts import languages
from helpers.tables import example, read, sheet_of, told

SAAD = BatchKind.SAAD
FOREIGN = {
    "document": "Dok. numeris",
    "state": "Valstybė",
    "consignor": "Siuntejas",
    "dispatched": "Išsiuntimo diena",
    "received": "Gauta (data)",
    "consignee": "Gavėjo SEED",
    "product": "Prekė",
    "cn_code": "KN",
    "quantity": "Kiekis, l",
    "packages": "Pakuočių sk.",
}


def _foreign(**changed: str | Cell) -> Sheet:
    """A table of another program: other headings, a column of its own, and no kind of document."""
    told = {FOREIGN[name]: value for name, value in {**example(SAAD), **changed}.items() if name in FOREIGN}
    return sheet_of((*told, "Vidinis nr."), [(*told.values(), "7"), (*told.values(), "8")])


def test_columns_are_proposed_by_names_and_cells() -> None:
    """Each of ours at most once; what is none of ours is to be ignored."""
    found = {guess.heading: guess.column.name for guess in proposed(_foreign(), SAAD) if guess.column}

    assert found == {heading: name for name, heading in FOREIGN.items()}


def test_own_headings_are_found_again() -> None:
    """With nothing to ask."""
    heading = [column.called("lt") for column in LAYOUTS[SAAD].columns]
    rows = [tuple(example(SAAD).values())]

    found = proposed(sheet_of(heading, rows), SAAD)

    assert [guess.column and guess.column.name for guess in found] == [one.name for one in LAYOUTS[SAAD].columns]


@pytest.mark.parametrize("language", languages())
def test_proposal_is_a_mapping_file(language: str) -> None:
    """It is read as it stands; what is missing stands in it as comments to be filled in."""
    text = written(SAAD, proposed(_foreign(), SAAD), language)

    mapping = read_mapping(text.encode())

    assert dict(mapping.columns) == {heading: name for name, heading in FOREIGN.items()}
    assert (mapping.kind, mapping.ignored) == (SAAD, ("Vidinis nr.",))
    assert '\n# source = ""  # ' in text
    assert '\n# capacity = ""  # ' in text
    filled = text.replace('# source = ""', 'source = "fallback"').replace(
        '# capacity = ""', 'capacity = "certified_consignee"'
    )
    (document,) = read(_foreign(), SAAD, read_mapping(filled.encode()))
    assert told(document) == []


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Dok. Nr.", "document"),
        ("Išsiunt. data", "dispatched"),
        ("Gav. data", "received"),
        ("Gavejo SEED Nr.", "consignee"),
        ("Akc. prekės kodas", "product"),
        ("Pak. sk.", "packages"),
        ("Alk. konc.", "strength"),
        ("Doc. No.", "document"),
        ("Qty", "quantity"),
    ],
)
def test_abbreviated_heading_is_proposed(heading: str, name: str) -> None:
    """Words that are cut off, or shortened as they usually are, by themselves: no cell helps."""
    (guess,) = proposed(sheet_of([heading], []), SAAD)

    assert guess.column is not None
    assert guess.column.name == name


def test_words_that_nobody_knows_are_asked_about() -> None:
    """The values of a column of codes stand in the proposal, to be translated."""
    first = example(SAAD)
    table = sheet_of(list(first), [list({**first, "capacity": 'PG "A"'}.values())])

    text = written(SAAD, proposed(table, SAAD), "en")

    assert "[values.capacity]" in text
    assert '# "PG \\"A\\"" = ""' in text
    chosen = text.replace('# "PG \\"A\\"" = ""', '"PG \\"A\\"" = "certified_consignee"')
    (document,) = read(table, SAAD, read_mapping(chosen.encode()))
    assert told(document) == []


def test_heading_of_strange_characters_is_quoted() -> None:
    """Quotes, backslashes and control characters in a heading break no proposal."""
    table = sheet_of(['a"b\\c\x7f\n', "x"], [("1", "2")])

    mapping = read_mapping(written(SAAD, proposed(table, SAAD), "en").encode())

    assert mapping.ignored == ('a"b\\c\x7f', "x")
