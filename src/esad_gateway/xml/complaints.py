"""What the parser complains about, as sentences: the common complaints by key, all others quoted.

libxml2 speaks English. So that a trader is told in their language, a complaint is recognised by its words; what it
names in them (an element, a line, an attribute) goes into our sentence. A new version of libxml2 that says something
else is quoted, so nothing is lost.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from esad_gateway.faults import Said, said

_NAME: Final = r"(?P<name>.+)"
_NUMBER: Final = r"(?P<number>\d+)"

COMPLAINTS: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        f"xml.{key}": re.compile(words)
        for key, words in {
            "no_root": r"Start tag expected, '<' not found",
            "mismatch": rf"Opening and ending tag mismatch: (?P<opened>.+) line {_NUMBER} and (?P<closed>.+)",
            "premature": rf"Premature end of data in tag {_NAME} line {_NUMBER}",
            "extra": r"Extra content at the end of the document",
            "ampersand": r"(?:xmlParseEntityRef: no name|EntityRef: expecting ';')",
            "entity": rf"Entity '{_NAME}' not defined",
            "less_than": r"Unescaped '<' not allowed in attributes values",
            "attribute_twice": rf"(?:Namespaced )?Attribute {_NAME} redefined",
            "attribute_value": rf"Specification mandates value for attribute {_NAME}",
            "attribute_quotes": r"AttValue: .+ expected",
            "attributes": r"attributes construct error",
            "tag_end": rf"Couldn't find end of Start Tag {_NAME} line {_NUMBER}",
            "end_tag": r"expected '>'",
            "element_name": r"StartTag: invalid element name",
            "prefix": rf"Namespace prefix {_NAME} is not defined",
            "character": rf"PCDATA invalid Char value {_NUMBER}",
            "character_reference": rf"xmlParseCharRef: invalid xmlChar value {_NUMBER}",
            "attribute_character": r"invalid character in attribute value",
            "hyphens": r"Double hyphen within comment.*",
            "comment": r"Comment not terminated",
            "cdata": r"CData section not finished.*",
            "cdata_end": r"Sequence ']]>' not allowed in content",
            "name": rf"Failed to parse QName '{_NAME}'",
        }.items()
    }
)
"""The key of a sentence -> what the parser says; the groups of it are the values of the sentence."""


def complaint(words: str) -> Said:
    """What the parser said, without its place, as one of our sentences, or quoted."""
    for key, form in COMPLAINTS.items():
        if found := form.fullmatch(words):
            return Said(key, tuple(found.groupdict().items()))
    return said("xml.parser", words=words) if words else Said("xml.unknown")
