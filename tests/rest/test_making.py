"""Files that are made of many rows: one of a trader, and few in all."""

from contextlib import ExitStack

import pytest

from esad_gateway.errors import Busy
from esad_gateway.rest.making import MOST_MADE, FileTurns


def test_one_file_of_a_trader_is_made_at_a_time() -> None:
    """Whoever asks for a second one is told to come again; when the first is done, or has failed, it is made."""
    making = FileTurns()
    with making.turn("A"), pytest.raises(Busy), making.turn("A"):
        pass
    with pytest.raises(ValueError, match="no table"), making.turn("A"):
        raise ValueError("no table")
    with making.turn("A"):
        pass


def test_few_files_are_made_at_a_time() -> None:
    """However many traders ask, messages are answered beside them."""
    making = FileTurns()
    with ExitStack() as turns:
        for number in range(MOST_MADE):
            turns.enter_context(making.turn(str(number)))
        with pytest.raises(Busy), making.turn("another"):
            pass
    with making.turn("another"):
        pass
