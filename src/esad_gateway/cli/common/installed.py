"""What has to be installed: a command that lacks a library says which, and how it comes there."""

from importlib.util import find_spec
from typing import Final

from esad_gateway.errors import NotConfigured
from esad_gateway.faults import said

LIBRARIES: Final = (
    *("aiohttp", "alembic", "cryptography", "fastapi", "fastapi_swagger", "holidays", "httptools"),
    *("icalendar", "joserfc", "lxml", "prometheus_client", "pydantic"),
    *("python_calamine", "python_multipart", "rich", "signxml", "sqlalchemy", "structlog", "typer", "tzdata"),
    *("uvicorn", "uvloop", "xlsxwriter", "xmlschema", "yarl", "zstandard"),
)
"""What has to be installed, by the names under which it is imported; some of it is loaded by the first who needs it."""

OURS: Final = "esad_gateway"


def check_installed() -> None:
    """Raise NotConfigured with every library that is missing: else doors that are opened later would fail."""
    if missing := _missing():
        raise not_installed(*missing)


def not_installed(*names: str) -> NotConfigured:
    """What to say where these libraries are missing; the others that are missing are named as well."""
    modules = dict.fromkeys((*_missing(), *names))
    return NotConfigured(said("serve.not_installed", modules=", ".join(modules)))


def library_of(error: ModuleNotFoundError) -> str | None:
    """The library that an import did not find; ``None`` where a module of this package is what is not there."""
    name = (error.name or "").partition(".")[0]
    return name if name and name != OURS else None


def _missing() -> list[str]:
    return [name for name in LIBRARIES if find_spec(name) is None]
