"""What can be wrong with a table, explained by its code."""

import pytest

from esad_gateway.batch.tables.codes import CODES
from esad_gateway.explain.answer import EVERY_LANGUAGE, languages
from esad_gateway.explain.glossary import names
from esad_gateway.explain.tables import PAGE, table_code, table_codes
from esad_gateway.sheets.flaws import CODES as OF_FILES
from esad_gateway.texts import sentences
from helpers import pages


def test_every_code_of_a_table_is_explained() -> None:
    """Those of files and cells, and those of columns, rows and values: all of them, and nothing else."""
    assert sorted(table_codes()) == sorted({*OF_FILES, *CODES})
    assert set(table_codes()) <= set(names())
    assert (pages.ROOT / PAGE).exists()


@pytest.mark.parametrize("code", table_codes())
def test_code_of_a_table_is_told_as_its_page_has_it(code: str) -> None:
    """With the values of a case in braces, in every language, and the page."""
    answer = table_code(code, languages(EVERY_LANGUAGE))
    assert answer is not None
    told = "\n".join(one if isinstance(one, str) else str(one) for one in answer.lines)

    for language in ("en", "lt"):
        for what in ("text", "hint"):
            open_sentence = sentences(language)[f"{code}.{what}"].replace("!r}", "}")
            assert open_sentence in told.replace("'{", "{").replace("}'", "}")
    assert answer.as_json["page"] in told


def test_code_that_is_none_is_not_explained() -> None:
    """Another answer is looked for, such as the nearest name."""
    assert table_code("VALUE-ZERO", ("en",)) is None
