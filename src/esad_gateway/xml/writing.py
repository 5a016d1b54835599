"""Values to text: for every class of a message a function that writes its groups, made when one is first written.

What a field is called, whether it repeats and how its values are written is asked once, and not for every message.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

from esad_gateway.emcs.messages.fields import Text
from esad_gateway.xml.items import XmlItem, has_language, items, values_of
from esad_gateway.xml.outline import Outline
from esad_gateway.xml.values import codec_of, escape, escape_attribute

Append: TypeAlias = Callable[[str], None]
"""Takes the next piece of a document."""

Write: TypeAlias = Callable[[Any, Append], None]
"""Writes a value."""


class Tags(NamedTuple):
    """How elements are named: by the prefix of their namespace; ``declared`` is what the start tag of a value carries.

    Groups carry nothing: they are in the namespace that is declared on the root.
    """

    prefix: str
    declared: str = ""


MOST_KEPT: Final = 256
"""Texts of groups that are kept of each element; then all are forgotten, since most surely stand in one message."""


def writer(cls: type[Any], tags: Tags, places: Outline | None = None, *, keep: bool = False) -> Write:
    """What writes the elements in a group of ``cls``: of all fields that have a value, in their order.

    ``places`` are the elements that there are; all of them when nobody says. ``keep`` is for many messages that have
    groups in common, as the same objects: the text of each group that is not repeated is made once.
    """
    inside = items(cls, places)
    make = _keeping_writer if keep else _item_writer
    values, writers = values_of(inside), tuple(make(item, tags) for item in inside)

    def write(group: Any, append: Append) -> None:
        for value, write_item in zip(values(group), writers, strict=True):
            if value is not None:
                write_item(value, append)

    return write


def _item_writer(item: XmlItem, tags: Tags) -> Write:
    write_one = _element_writer(item, tags)
    if not item.repeated:
        return write_one

    def write(values: tuple[Any, ...], append: Append) -> None:
        for value in values:
            write_one(value, append)

    return write


def _keeping_writer(item: XmlItem, tags: Tags) -> Write:
    write_one = _item_writer(item, tags)
    if item.repeated or item.kind is Text or codec_of(item.kind) is not None:
        return write_one
    known: dict[int, tuple[Any, str]] = {}

    def write(group: Any, append: Append) -> None:
        found = known.get(id(group))
        if found is None:  # what is kept lives, so nothing else has its number
            parts: list[str] = []
            write_one(group, parts.append)
            if len(known) >= MOST_KEPT:
                known.clear()
            found = known[id(group)] = group, "".join(parts)
        append(found[1])

    return write


def _element_writer(item: XmlItem, tags: Tags) -> Write:
    tag, end = f"<{tags.prefix}:{item.name}", f"</{tags.prefix}:{item.name}>"
    if item.kind is Text:
        return lambda text, append: append(
            f'{tag} language="{escape_attribute(text.language)}">{escape(text.value)}{end}'
        )
    codec = codec_of(item.kind)
    if codec is None:
        return _group_writer(item, tags, tag, end)
    begin, write = f"{tag}{tags.declared}>", codec.write
    if item.kind is str:  # half of all values; most of them have nothing to escape
        return lambda text, append: append(f"{begin}{text if text.isalnum() else escape(text)}{end}")
    return lambda value, append: append(f"{begin}{write(value)}{end}")


def _group_writer(item: XmlItem, tags: Tags, tag: str, end: str) -> Write:
    write_inside, speaks = writer(item.kind, tags, item.within), has_language(item.kind)

    def write(group: Any, append: Append) -> None:
        language = group.language if speaks else None
        append(f"{tag}>" if language is None else f'{tag} language="{escape_attribute(language)}">')
        write_inside(group, append)
        append(end)

    return write
