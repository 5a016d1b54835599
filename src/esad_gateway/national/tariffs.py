"""The tariffs that a gateway goes by: those that are shipped for its state, and what its administration tells."""

import tomllib
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from esad_gateway.ais.domain import NationalDomain
from esad_gateway.ais.duty.law import DutyLaw
from esad_gateway.ais.duty.told import ToldTariffs, laid_over
from esad_gateway.errors import ComposeRefused, NotConfigured
from esad_gateway.faults import Fault, Faults, Said, listed, said
from esad_gateway.file_errors import file_error
from esad_gateway.setting_faults import no_text, no_toml
from esad_gateway.xml.plain import group_from_plain

TARIFFS: Final = "tariffs.toml"
"""The file in a data directory in which an administration says what it knows better."""


def duty_law(domain: NationalDomain | None, root: Path | None = None) -> DutyLaw | None:
    """The tariffs of a domain, with what ``tariffs.toml`` in the data directory ``root`` says instead.

    ``None`` where the domain has none. The file is read anew when it has changed. Raises NotConfigured for one that
    cannot be read or says what cannot be, with everything that is amiss at once.
    """
    law = domain.duty if domain else None
    if law is None or root is None:
        return law
    file = root / TARIFFS
    try:
        found = file.stat()
    except FileNotFoundError:
        return law
    except OSError as error:
        raise NotConfigured(file_error(file, error)) from error
    return _law(law, file, (found.st_mtime_ns, found.st_size))


@lru_cache(maxsize=8)
def _law(law: DutyLaw, file: Path, _stamp: tuple[int, int]) -> DutyLaw:
    told = laid_over(law, _told(file))
    if isinstance(told, DutyLaw):
        return told
    raise _wrong(file, told)


def _told(file: Path) -> ToldTariffs:
    try:
        return group_from_plain(_plain(tomllib.loads(file.read_text(encoding="utf-8"))), ToldTariffs)
    except OSError as error:
        raise NotConfigured(file_error(file, error)) from error
    except UnicodeDecodeError as error:
        found = no_text(error.object, error.start)
        raise NotConfigured(said("file.named", file=str(file), why=found)) from error
    except tomllib.TOMLDecodeError as error:
        found = no_toml(str(error), file.read_text(encoding="utf-8"), 'tariff = "beer"')
        raise NotConfigured(said("file.named", file=str(file), why=found)) from error
    except ComposeRefused as refused:
        raise _wrong(file, refused.faults) from refused


def _plain(value: Any) -> Any:
    """What TOML says as JSON would: its days are texts there."""
    match value:
        case dict():
            return {name: _plain(one) for name, one in value.items()}
        case list():
            return [_plain(one) for one in value]
        case date() | datetime():
            return value.isoformat()
        case _:
            return value


def _wrong(file: Path, faults: Faults) -> NotConfigured:
    return NotConfigured(said("file.named", file=str(file), why=listed(map(_in_words, faults), "; ")))


def _in_words(fault: Fault) -> Said:
    return said("duty.told", place=fault.path, text=fault.text, hint=fault.hint)
