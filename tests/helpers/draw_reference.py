"""Draws the pages of the reference that follow from what is there: REST, SOAP, commands, settings.

``python tests/helpers/draw_reference.py`` writes all of them anew.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from lxml import etree
from pydantic.fields import FieldInfo

from esad_gateway import resources
from esad_gateway.cli.group import SUMMARIES, load
from esad_gateway.settings import Settings

FOLDER: Final = Path(__file__).parents[2] / "docs" / "reference"
ANEW: Final = "write it anew: cd tests && python helpers/draw_reference.py"
TAGS: Final[Mapping[str, str]] = {
    "messages": "Messages",
    "traders": "Mailboxes, movements, the register",
    "batches": "Batches",
    "saad": "The SAAD list",
    "webhooks": "Webhooks",
    "gateway": "The gateway itself",
}
"""Headings of the groups of operations; one that is not here stands under its own name."""

REST_HEAD: Final = """# REST

Drawn from `/openapi.json` of a gateway, which has every schema and example as well; `/docs` shows it, to read and to
try. `{seed}` is a SEED number. Where a token is needed, it is the one of `esad token issue`: `Authorization: Bearer …`.
Every refusal is a problem: [problems.md](problems.md). The same in SOAP: [soap.md](soap.md).
"""
CLI_HEAD: Final = """# Commands

Drawn from `esad --help` and from that of every command. Besides what stands there each takes `--lang` (`en`, `lt`, or
both) and `--help`. Each ends with 0 (fine), 1 (the document or the answer is negative, or no gateway answers) or 2
(wrong usage).
"""
SETTINGS_HEAD: Final = """# Settings

Drawn from what a gateway reads of `settings.toml` in its data directory, once, when it starts. An unknown name, and a
value that is not of its kind, is refused in words that say what was expected. Durations are in seconds unless the name
says otherwise.

| Name | Takes | Unless it is there | What it decides |
|---|---|---|---|
"""
WSDL_HEAD: Final = """# SOAP operations

Drawn from `schemas/gateway/gateway.wsdl` and `gateway.xsd`, which a gateway serves at `/soap/gateway?wsdl`. What they
have in common, and what clients differ in: [soap.md](soap.md). "0 to" means that an element may be left out.
"""
_XS: Final = "{http://www.w3.org/2001/XMLSchema}"
_WSDL: Final = {"wsdl": "http://schemas.xmlsoap.org/wsdl/", "xs": "http://www.w3.org/2001/XMLSchema"}


def rest_page(document: Mapping[str, Any]) -> str:
    """The page of REST, from an OpenAPI document."""
    found: dict[str, list[str]] = {tag: [] for tag in TAGS}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            section = "\n".join(_operation(method.upper(), path, operation))
            found.setdefault((operation.get("tags") or ["gateway"])[0], []).append(section)
    parts = [f"## {TAGS.get(tag, tag.capitalize())}\n\n" + "\n".join(texts) for tag, texts in found.items() if texts]
    return "\n".join([REST_HEAD, *parts])


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {method} {path}\n"
    yield f"{operation.get('description') or operation['summary'] + '.'}\n".replace("``", "`")
    if "security" in operation:
        yield "Needs a token.\n"
    if given := operation.get("parameters"):
        yield "| Parameter | In | Takes | |\n|---|---|---|---|"
        for one in given:
            about = one.get("description") or one["schema"].get("description", "")
            name = f"`{one['name']}`" + ("" if one.get("required") else " (optional)")
            yield f"| {name} | {one['in']} | {_kind(one['schema'])} | {_cell(about)} |"
        yield ""
    if body := operation.get("requestBody"):
        yield f"Body: {', '.join(f'`{media}`' for media in body['content'])}.\n"
    yield "| Status | Forms | |\n|---|---|---|"
    for status, answer in sorted(operation["responses"].items()):
        forms = ", ".join(f"`{media}`" for media in answer.get("content", {}))
        yield f"| {status} | {forms} | {_cell(answer['description'])} |"
    yield ""
    yield from _example(operation)


def _example(operation: Mapping[str, Any]) -> Iterator[str]:
    for status in ("201", "202", "200"):
        content = operation["responses"].get(status, {}).get("content", {}).get("application/json", {})
        if isinstance(content.get("example"), Mapping) and "header" not in content["example"]:
            yield f"```json\n{json.dumps(content['example'], ensure_ascii=False, indent=2)}\n```\n"
            return


def _kind(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"] if one.get("type") != "null")
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"])
    kind = f"{schema.get('type', 'anything')}{' ' + schema['format'] if 'format' in schema else ''}"
    least, most = schema.get("minimum"), schema.get("maximum")
    bounds = f" {least} to {most}" if least is not None and most is not None else ""
    return f"{kind}{bounds}" + (f", {schema['default']} unless given" if schema.get("default") is not None else "")


def cli_page() -> str:
    """The page of commands."""
    parts = [part for name in SUMMARIES for path, one in _commands(name) for part in _command(path, one)]
    return "\n".join([CLI_HEAD, *parts])


def _commands(name: str) -> Iterator[tuple[str, Any]]:
    """A command and what is below it."""
    whole = load(name)
    yield f"esad {name}", whole
    for below, command in getattr(whole, "commands", {}).items():
        yield f"esad {name} {below}", command


def _command(path: str, command: Any) -> Iterator[str]:
    heading = "##" if path.count(" ") == 1 else "###"
    yield f"{heading} {path}\n"
    yield f"{_words(command.help or command.short_help or '')}\n".replace("``", "`")
    given = [one for one in command.params if not getattr(one, "hidden", False) and one.name not in {"help", "lang"}]
    if given:
        yield "| | Takes | |\n|---|---|---|"
        yield from map(_parameter, given)
        yield ""


def _parameter(one: Any) -> str:
    names = ", ".join(f"`{name}`" for name in (*one.opts, *one.secondary_opts) if name.startswith("-"))
    name = names or f"`{one.metavar or (one.name or '').upper()}`"
    more = " (needed)" if one.required else ""
    usual = f" Unless given: `{one.default}`." if isinstance(one.default, str | int) and one.default else ""
    variable = f" Read from `{one.envvar}` as well." if isinstance(one.envvar, str) else ""
    about = _cell(_words(getattr(one, "help", "") or ""))
    return f"| {name}{more} | {_taken(one.type_descriptor.annotation)} | {about}{usual}{variable} |"


def _taken(kind: Any) -> str:
    """What a parameter takes, by its annotation; nothing for a flag."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return ", ".join(f"`{one.value}`" for one in kind)
    if get_origin(kind) is Literal:
        return ", ".join(f"`{one}`" for one in get_args(kind))
    inner = [one for one in get_args(kind) if one is not type(None)]
    if get_origin(kind) in {list, tuple}:
        return f"{_taken(inner[0])}, several"
    if inner:
        return " or ".join(map(_taken, inner))
    known: Mapping[Any, str] = {bool: "", str: "a text", Path: "a path", int: "a whole number", float: "a number"}
    return known.get(kind, str(getattr(kind, "__name__", kind)))


def _words(text: str) -> str:
    paragraphs = (" ".join(part.split()) for part in text.split("\f", maxsplit=1)[0].replace("\b", "").split("\n\n"))
    return "\n\n".join(one for one in paragraphs if one)


def settings_page() -> str:
    """The page of settings."""
    return SETTINGS_HEAD + "".join(f"{_setting(name, field)}\n" for name, field in Settings.model_fields.items())


def _setting(name: str, field: FieldInfo) -> str:
    usual = "" if field.is_required() else f"`{json.dumps(field.get_default(call_default_factory=True), default=str)}`"
    return f"| `{name}` | {_bounded(name, field)} | {usual} | {_cell(field.description or '')} |"


_WORDS: Final[Mapping[str, str]] = {
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "boolean": "true or false",
    "array": "a list",
    "object": "a table",
}
_SIGNS: Final[Mapping[type, str]] = {Ge: "from {}", Gt: "more than {}", Le: "to {}", Lt: "less than {}"}


def _bounded(name: str, field: FieldInfo) -> str:
    schema = Settings.model_json_schema()["properties"][name]
    if choices := schema.get("enum"):
        return ", ".join(f"`{one}`" for one in choices)
    bounds = (one for one in field.metadata if type(one) in _SIGNS)
    told = (_SIGNS[type(one)].format(getattr(one, type(one).__name__.lower())) for one in bounds)
    return " ".join([_WORDS.get(schema.get("type"), ""), *told])


def wsdl_page() -> str:
    """The page of the operations in SOAP."""
    folder = resources.schemas() / "gateway"
    wsdl, schema = (etree.fromstring((folder / name).read_bytes()) for name in ("gateway.wsdl", "gateway.xsd"))
    names = [str(one.get("name")) for one in wsdl.findall("wsdl:portType/wsdl:operation", _WSDL)]
    parts = [part for name in names for part in _soap_operation(name, schema)]
    types = [one for one in schema.findall("xs:complexType", _WSDL) if one.find("xs:simpleContent", _WSDL) is None]
    shared = [part for one in types for part in _members(f"### {one.get('name')}", one)]
    return "\n".join([WSDL_HEAD, *parts, "## Types\n", *shared])


def _soap_operation(name: str, schema: etree._Element) -> Iterator[str]:
    yield f"## {name}\n"
    for element, what in ((name, "Asked"), (f"{name}Response", "Answered")):
        (found,) = schema.findall(f"xs:element[@name='{element}']", _WSDL)
        yield from _members(f"{what}: `{element}`", found)


def _members(heading: str, found: etree._Element) -> Iterator[str]:
    yield f"{heading}\n"
    if about := " ".join((found.findtext("xs:annotation/xs:documentation", "", _WSDL)).split()):
        yield f"{about}\n"
    members = [one for one in found.iter(f"{_XS}element") if one is not found]
    above = found.find("xs:complexContent/xs:extension", _WSDL)
    if above is not None:
        yield f"All of [{above.get('base')}](#{str(above.get('base')).lower()}), and:\n"
    if not members and found.get("type"):
        yield f"As the type [{found.get('type')}](#{str(found.get('type')).lower()}).\n"
    if members:
        yield "| Element | Type | Times | |\n|---|---|---|---|"
        yield from map(_member, members)
        yield ""


def _member(one: etree._Element) -> str:
    kind = str(one.get("type", "")).removeprefix("xs:")
    most = {"unbounded": "any"}.get(one.get("maxOccurs", "1"), one.get("maxOccurs", "1"))
    least = one.get("minOccurs", "1")
    about = " ".join((one.findtext("xs:annotation/xs:documentation", "", _WSDL)).split())
    times = least if least == most else f"{least} to {most}"
    return f"| `{one.get('name') or one.get('ref')}` | {kind} | {times} | {_cell(about)} |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("``", "`").split())


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "cli.md": cli_page,
    "settings.md": settings_page,
    "soap-operations.md": wsdl_page,
}
"""Those that need no gateway."""


def _of_a_gateway() -> Mapping[str, Any]:
    from helpers.gateway import copy_of_box  # noqa: PLC0415 - only the program makes one
    from helpers.served import served  # noqa: PLC0415

    with TemporaryDirectory() as folder, served(copy_of_box(Path(folder))) as gateway:
        document: Mapping[str, Any] = gateway.get("/openapi.json").json
        return document


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    for file, drawn in PAGES.items():
        (FOLDER / file).write_text(drawn(), encoding="utf-8")
    (FOLDER / "rest.md").write_text(rest_page(_of_a_gateway()), encoding="utf-8")
