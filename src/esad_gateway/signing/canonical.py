"""Exclusive canonical form: the one form that digests and signatures of ESAD-SIG-1 are made over."""

from lxml import etree


def canonical(element: etree._Element) -> bytes:
    """The exclusive canonical form (EXC-C14N, without comments) of ``element`` and what it holds, in UTF-8.

    The element is read where it stands and not changed. For the root of a document it is the form of the whole
    document, processing instructions around the root included. Text behind the element is not part of it.

    Raises ``etree.C14NError`` for a tree without canonical form (a relative namespace name).
    """
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)
