"""Where the files that ship with the package are: in an installed wheel and in a checkout."""

from pathlib import Path

from esad_gateway.errors import NotConfigured
from esad_gateway.faults import said

_PACKAGE = Path(__file__).parent


def schemas() -> Path:
    """The folder of the schemas: ``emcs/<release>/`` and ``gateway/`` are below it.

    Raises :class:`~esad_gateway.errors.NotConfigured` when it is missing. What it holds is not checked.
    """
    return _folder("schemas")


def fixtures() -> Path:
    """The folder of the example documents: ``messages/<message>/valid/`` and more are below it.

    Raises :class:`~esad_gateway.errors.NotConfigured` when it is missing. What it holds is not checked.
    """
    return _folder("fixtures")


def _folder(name: str) -> Path:
    # A wheel carries them inside the package (see pyproject.toml); a checkout has them at its top.
    places = (_PACKAGE / "data" / name, _PACKAGE.parent.parent / name)
    found = next((place for place in places if place.is_dir()), None)
    if found is None:
        raise NotConfigured(said("data.no_folder", folder=name))
    return found
