"""A message element as the bytes of a document."""

from lxml import etree

__all__ = ["document_bytes"]


def document_bytes(root: etree._Element) -> bytes:
    """The document of ``root`` in UTF-8, indented for people; it changes when it is signed (canonical form)."""
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
