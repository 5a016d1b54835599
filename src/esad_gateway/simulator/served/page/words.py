"""What stands in a message, in words: every value with its place, what that is called, and what a code means."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from lxml import etree

from esad_gateway.explain.coded import CODED
from esad_gateway.explain.lists import LISTS
from esad_gateway.faults import Said
from esad_gateway.frozen import frozen
from esad_gateway.papers import FORMS
from esad_gateway.papers.meanings import SPOKEN
from esad_gateway.simulator.served.page.frame import PageRequest
from esad_gateway.xml.payload import SIGNATURE

_BODY: Final = 2
"""How many elements stand above the content of a message: Body, and what the message is called there."""

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

ON_NO_PAPER: Final = (
    "functional_error",
    "error_type",
    "error_reason",
    "error_location",
    "original_attribute_value",
    "xml_error",
    "error_line_number",
    "error_column_number",
    "header_ead_esad",
    "submission_message_type",
    "deferred_submission_flag",
    "date_and_time_of_issuance_of_reminder",
    "reminder_information",
    "limit_date_and_time",
    "reminder_message_type",
    "excise_notification",
    "notification_type",
    "notification_date_and_time",
    "downstream_arc",
    "date_and_time_of_issuance",
    "reason_for_interruption_code",
    "excise_officer_identification",
    "reference_number_of_excise_office",
    "reference_control_report",
    "control_report_reference",
    "reference_event_report",
    "event_report_number",
    "date_and_time_of_validation_of_alert_rejection",
    "alert_or_rejection",
    "date_of_alert_or_rejection",
    "ead_esad_rejected_flag",
    "alert_or_rejection_of_ead_esad_reason",
    "alert_or_rejection_of_movement_reason_code",
    "submitter_identification",
    "submitter_type",
    "explanation_code",
    "message_role",
    "date_and_time_of_validation_of_explanation_on_delay",
    "date_and_time_of_validation_of_explanation_on_shortage",
    "analysis",
    "date_of_analysis",
    "global_explanation",
    "body_analysis",
    "explanation",
    "actual_quantity",
    "manual_closure_request_reason_code",
    "manual_closure_request_reason_code_complement",
    "supporting_documents",
    "supporting_document_description",
    "reference_of_supporting_document",
    "image_of_document",
    "supporting_document_type",
    "body_manual_closure",
    "manual_closure_request_accepted",
    "manual_closure_rejection_reason_code",
    "manual_closure_rejection_complement",
    "last_received_message_type",
    "status_request_message_type",
    "national_movement_information_requested_flag",
    "message_body",
    "technical_message_type",
    "message_data",
)
"""Elements of messages that traders and offices are given, which stand on no paper: words for them are here."""


@frozen
class LetterValue:
    """A value of a message: its ``path`` by the names of XML, from below what all messages have, and its text."""

    path: tuple[str, ...]
    text: str

    @property
    def field(self) -> str:
        """Its name as drafts and papers have it (excise_product_code)."""
        return _field(self.path[-1])


def values(root: etree._Element) -> Iterator[LetterValue]:
    """Every value of a message in its order, without the signature; repeated elements are numbered (``[2]``)."""
    for part in root:
        name = etree.QName(part).localname
        if part.tag != SIGNATURE:
            yield from _values(part, () if name == "Body" else (name,), _BODY if name == "Body" else 0)


def _values(element: etree._Element, path: tuple[str, ...], above: int) -> Iterator[LetterValue]:
    for name, value in element.items():
        if path:
            yield LetterValue((*path, f"@{etree.QName(name).localname}"), value)
    if not len(element):
        if path:
            yield LetterValue(path, element.text or "")
        return
    for name, child in _numbered(element):
        below = max(0, above - 1)
        yield from _values(child, () if below else (*path, name), below)


def _numbered(element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The children with their names; one of several of a name has its number."""
    names = [etree.QName(child).localname for child in element]
    so_far: dict[str, int] = {}
    for name, child in zip(names, element, strict=True):
        so_far[name] = so_far.get(name, 0) + 1
        yield f"{name}[{so_far[name]}]" if names.count(name) > 1 else name, child


def called(asked: PageRequest, path: tuple[str, ...]) -> str:
    """What the last elements of a path are called: the words of papers where there are any, else those of the name."""
    return " → ".join(_named(asked, step) for step in path[-2:])


def _named(asked: PageRequest, step: str) -> str:
    name, bracket, number = step.partition("[")
    called_so = _NAMES.get(_field(name))
    words = asked.say(called_so) if called_so else _HUMP.sub(" ", name.lstrip("@")).capitalize()
    return f"{words} {number.rstrip(']')}" if bracket else words


def meaning(asked: PageRequest, value: LetterValue) -> str:
    """What a code means; empty for what is no code, or one that needs no words."""
    number = CODED.get(value.field, "")
    if number in LISTS:
        found = LISTS[number].codes.get(value.text)
        return asked.say(found) if found else ""
    group = _GROUPS.get(value.field, "")
    return asked.say(Said(f"{group}.{value.text}")) if value.text in SPOKEN.get(group, ()) else ""


def _field(name: str) -> str:
    return _HUMP.sub("_", name.partition("[")[0].lstrip("@")).lower()


def _labels() -> Iterator[tuple[str, str]]:
    """The fields of papers with the keys of their labels, those of groups as well."""
    groups = [group for form in FORMS.values() for group in form.groups]
    for group in groups:
        groups.extend(group.groups)
        if group.path:
            yield group.path.rpartition(".")[2], group.label
        yield from ((box.field.rpartition(".")[2], box.label) for box in group.boxes)


def _groups() -> Iterator[tuple[str, str]]:
    groups = [group for form in FORMS.values() for group in form.groups]
    for group in groups:
        groups.extend(group.groups)
        yield from ((box.field.rpartition(".")[2], box.meaning) for box in group.boxes if box.meaning)


_NAMES: Final[Mapping[str, Said]] = MappingProxyType(
    {
        **{field: Said(f"box.{label}") for field, label in _labels()},
        **{name: Said(f"element.{name}") for name in ON_NO_PAPER},
        "header": Said("page.header"),
        "attributes": Said("page.attributes"),
        "message_sender": Said("page.message_sender"),
        "message_recipient": Said("page.message_recipient"),
        "date_of_preparation": Said("page.date_of_preparation"),
        "time_of_preparation": Said("page.time_of_preparation"),
        "message_identifier": Said("page.message_identifier"),
        "correlation_identifier": Said("page.correlation_identifier"),
    }
)
"""What elements are called: as on paper, and what stands on none."""
_GROUPS: Final[Mapping[str, str]] = MappingProxyType(dict(_groups()))
