"""A message element as the bytes of a document."""

from lxml import etree

__all__ = ["document_bytes"]

_LINE_ENDS = ((b"\xe2\x80\xa8", b"&#8232;"), (b"\xc2\x85", b"&#133;"))


def document_bytes(root: etree._Element) -> bytes:
    """The document of ``root`` in UTF-8, indented for people; it changes when it is signed (canonical form)."""
    etree.indent(root)
    return portable(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def portable(document: bytes) -> bytes:
    """A document in UTF-8 without CDATA, with U+2028 and U+0085 as references.

    They are line ends in XML 1.1 alone, and readers of JavaScript (xmldom) take them for such in every document: they
    would call its signature wrong. The reference is the same to everybody, and changes no canonical form.
    """
    for character, reference in _LINE_ENDS:
        # Search for one rare byte first: that runs at memory speed, and replacing what is not there does not.
        if character[:1] in document and character in document:
            document = document.replace(character, reference)
    return document
