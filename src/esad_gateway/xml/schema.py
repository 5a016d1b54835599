"""The schemas' verdict on a document, and what is wrong with one that they refuse."""

import re
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lxml import etree

from esad_gateway.errors import NotConfigured
from esad_gateway.faults import MOST_FAULTS, Fault, Faults, Said, said
from esad_gateway.xml.place import line_of, place_of, value_of

if TYPE_CHECKING:
    from esad_gateway.xml.diagnosis import Diagnosis

_UMBRELLA: Final = "emcs.xsd"
_NAMESPACE: Final = re.compile(r"(?P<family>.+):(?P<message>IE\d{3}):(?P<release>V[\d.]+)")


class SchemaSet:
    """The schemas of one release of the EMCS messages; made by :meth:`load`, used by any number of threads.

    ``release`` is the release as the namespaces name it (``V3.23``), ``messages`` maps every root element that the
    schemas know (``{urn:…:IE815:V3.23}IE815``) to the name of its message. A schema is compiled when a document of its
    message comes first; :meth:`compile` does it for all of them.
    """

    def __init__(self, folder: Path, messages: Mapping[str, str], release: str) -> None:
        self.release = release
        self.messages = messages
        self._folder = folder
        # Validation writes to a context of its own, so threads share a compiled schema. Only its error log is
        # common to all of them, so nothing may be read from it here. Two threads may both compile one: either is right.
        self._compiled: dict[str, etree.XMLSchema] = {}
        self._explaining = threading.Lock()
        self._diagnoses: dict[str, Diagnosis] = {}

    @classmethod
    def load(cls, folder: Path) -> "SchemaSet":
        """The schemas of the release in ``folder`` (``schemas/emcs/3.23``), by the list of them, ``emcs.xsd``.

        Raises NotConfigured when there is none or it is broken, or when a schema that it lists is missing, of which
        libxml2 would say nothing. Not checked: what the others hold.
        """
        umbrella = folder / _UMBRELLA
        try:
            document = etree.parse(umbrella)
        except (OSError, etree.XMLSyntaxError) as error:
            raise NotConfigured(said("release.unusable", file=str(umbrella), words=str(error))) from error
        namespaces = document.xpath("/*/*[local-name() = 'import']/@namespace")
        found = [match for namespace in namespaces if (match := _NAMESPACE.fullmatch(namespace))]
        if not found:
            raise NotConfigured(said("release.no_message", file=str(umbrella)))
        missing = [file for match in found if not (file := _file(folder, match["message"])).is_file()]
        if missing:
            raise NotConfigured(said("release.missing", file=str(missing[0]), umbrella=str(umbrella)))
        messages = {f"{{{match[0]}}}{match['message']}": match["message"] for match in found}
        return cls(folder, messages, found[0]["release"])

    def compile(self) -> None:
        """Compile every schema, so that no document waits for its own: at once, they take some 10 ms and share types.

        The first caller has it done, once. Raises NotConfigured when one is broken.
        """
        if len(self._compiled) < len(self.messages):
            self._compiled = dict.fromkeys(self.messages.values(), _compiled(self._folder / _UMBRELLA))

    def message_name(self, root: etree._Element) -> str | None:
        """The message that ``root`` is by name and namespace (``IE815``); None when this release has no such one."""
        return self.messages.get(str(root.tag))

    def accepts(self, root: etree._Element) -> bool:
        """Whether the schema of its message accepts ``root``: the verdict of libxml2, some 50 us for an IE815.

        ``root`` is judged as it is: a signature must have been taken off before. No rule is checked. The first document
        of a message waits some 3 ms. Raises NotConfigured when its schema is broken.
        """
        name = self.message_name(root)
        return name is not None and self._schema(name)(root)

    def faults(self, root: etree._Element) -> Faults:
        """Everything that the schema finds wrong with ``root``, in the order of lines, at most 999 faults.

        Every fault has rule ``XSD`` and code 15 for what has no place where it stands, 12 for the rest. Empty for a
        document that is accepted. Meant for refused ones: the first call for a message takes some 300 ms, as it
        builds the tables of that message, and one document is explained at a time.
        """
        if self.accepts(root):
            return ()
        name = self.message_name(root)
        if name is None:
            return (self._unknown(root),)
        with self._explaining:
            found = self._diagnosis(name).faults(root, MOST_FAULTS)
            return found or tuple(self._as_libxml2_says(root))

    def _schema(self, message: str) -> etree.XMLSchema:
        if message not in self._compiled:
            self._compiled[message] = _compiled(_file(self._folder, message))
        return self._compiled[message]

    def _diagnosis(self, message: str) -> "Diagnosis":
        if message not in self._diagnoses:
            # Not needed to accept a document: importing it takes ten times as long as compiling the schemas.
            from esad_gateway.xml.diagnosis import Diagnosis  # noqa: PLC0415

            self._diagnoses[message] = Diagnosis.load(_file(self._folder, message))
        return self._diagnoses[message]

    def _unknown(self, root: etree._Element) -> Fault:
        name = etree.QName(root)
        known = ", ".join(sorted(self.messages.values()))
        namespace = next(iter(self.messages))[1:].partition("}")[0]
        return Fault(
            code="15",
            rule="XSD",
            place=place_of(root),
            value=name.namespace,
            text=said("xsd.no_message", name=name.localname[:80], release=self.release),
            hint=said("hint.release", release=self.release, known=known, namespace=namespace),
            line=line_of(root),
        )

    def _as_libxml2_says(self, root: etree._Element) -> Iterator[Fault]:
        """The faults in the words of libxml2, for a document that only libxml2 refuses.

        The two libraries agree on everything that the tests know; where they should not, a refusal without a reason
        would leave the sender helpless. The schema is compiled anew because the log of the shared one is not ours.
        """
        schema = etree.XMLSchema(etree.parse(self._folder / _UMBRELLA))
        schema.validate(root)
        for entry in list(schema.error_log)[:MOST_FAULTS]:
            place = _place(root, entry.path)
            yield Fault(
                code="15" if entry.type == etree.ErrorTypes.SCHEMAV_ELEMENT_CONTENT else "12",
                rule="XSD",
                place=place_of(place),
                value=value_of(place),
                text=said("xsd.libxml2", reason=re.sub(r"\{[^{}]*\}", "", entry.message)),
                hint=Said("hint.compare"),
                line=entry.line,
            )


def _file(folder: Path, message: str) -> Path:
    return folder / f"{message.lower()}.xsd"


def _compiled(file: Path) -> etree.XMLSchema:
    try:
        return etree.XMLSchema(etree.parse(file))
    except (OSError, etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        raise NotConfigured(said("release.unusable", file=str(file), words=str(error))) from error


def _place(root: etree._Element, xpath: str | None) -> etree._Element:
    """The element at a path of libxml2, which uses the prefixes of the document; the root if they mislead."""
    prefixes = {prefix: namespace for prefix, namespace in root.nsmap.items() if prefix}
    try:
        found = root.getroottree().xpath(xpath or "/*", namespaces=prefixes)
    except etree.XPathError:
        return root
    return found[0] if found else root
