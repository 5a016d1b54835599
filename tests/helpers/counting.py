"""Counts what runs, from the interpreter's own account of it: nothing is replaced, nothing is patched."""

import ast
import sqlite3
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy import Engine

import esad_gateway


@contextmanager
def calls() -> Iterator[Counter[str]]:
    """How often each function is called in this thread, by its qualified name.

    Python functions are named with their module (``esad_gateway.xml.parse.parse``), compiled methods with their class
    (``ECPublicKey.verify``). Functions that Cython made, such as those of lxml, do not show: :func:`callers_of` says
    which Python functions lead to them.
    """
    counted: Counter[str] = Counter()

    def count(frame: FrameType, event: str, argument: Any) -> None:
        if (name := _called(frame, event, argument)) is not None:
            counted[name] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield counted
    finally:
        sys.setprofile(before)


def calls_of_threads(work: Callable[[], object]) -> Counter[str]:
    """As :func:`calls`, of the threads that begin while some work is done, all together."""
    called: list[str] = []

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if (name := _called(frame, event, argument)) is not None:
            called.append(name)  # which threads may do at once

    before = threading.getprofile()
    threading.setprofile(note)
    try:
        work()
    finally:
        threading.setprofile(before)
    return Counter(called)


def _called(frame: FrameType, event: str, argument: Any) -> str | None:
    if event == "call":
        return f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname}"
    return argument.__qualname__ if event == "c_call" else None


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The SQL statements that SQLite runs for an engine with one connection, in order, values filled in."""
    traced: list[str] = []
    _trace(engine, traced.append)
    try:
        yield traced
    finally:
        _trace(engine, None)


def _trace(engine: Engine, callback: Callable[[str], None] | None) -> None:
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_trace_callback(callback)


def callers_of(matches: Callable[[ast.Call], bool], *, below: str) -> set[str]:
    """The functions of the package in which a call stands that matches, in the rooms that ``below`` names."""
    root = Path(esad_gateway.__file__).parent
    return {
        f"{'.'.join(path.relative_to(root).with_suffix('').parts)}.{function.name}"
        for room in below.split()
        for path in sorted((root / room).rglob("*.py"))
        for function in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(function, ast.FunctionDef)
        if any(isinstance(node, ast.Call) and matches(node) for node in ast.walk(function))
    }
