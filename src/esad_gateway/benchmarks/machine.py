"""What was measured on: figures without it say nothing."""

import os
import platform
import sqlite3
import statistics
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cryptography.hazmat.backends.openssl import backend
from lxml import etree

LIBRARIES = ("lxml", "cryptography", "zstandard", "sqlalchemy", "signxml", "xmlschema")
SYNCS = 15


def facts(folder: Path) -> dict[str, Any]:
    """The processor, the interpreter, the libraries, and what it takes to sync 4 KiB to the disk of ``folder``."""
    libraries = {name: version(name) for name in LIBRARIES}
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": [round(one, 2) for one in os.getloadavg()],
        "python": platform.python_version(),
        "libraries": {
            **libraries,
            "libxml2": ".".join(map(str, etree.LIBXML_VERSION)),
            "openssl": backend.openssl_version_text(),
            "sqlite": sqlite3.sqlite_version,
        },
        "sync_us": _sync_us(folder),
    }


def _processor() -> str:
    """The processor's name; Linux keeps it in a file, elsewhere the interpreter may know."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _sync_us(folder: Path) -> float:
    with tempfile.TemporaryFile(dir=folder) as file:
        return round(statistics.median(_one_sync_us(file.fileno()) for _ in range(SYNCS)), 1)


def _one_sync_us(descriptor: int) -> float:
    os.write(descriptor, bytes(4096))
    begin = time.perf_counter_ns()
    os.fsync(descriptor)
    return (time.perf_counter_ns() - begin) / 1_000
