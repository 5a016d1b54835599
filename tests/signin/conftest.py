"""A provider of our own for the tests of this folder, and us as its client."""

from collections.abc import Iterator

import pytest

from helpers.own_provider import OwnProvider, own_provider
from helpers.signing_in import SECONDS


@pytest.fixture
def provider() -> Iterator[OwnProvider]:
    """A provider whose clock is that of the gateway."""
    with own_provider(lambda: SECONDS) as one:
        yield one
