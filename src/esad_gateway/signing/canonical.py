"""Canonical forms: the exclusive one of ESAD-SIG-1, and the inclusive one of XAdES references without Transforms."""

from lxml import etree


def canonical(element: etree._Element) -> bytes:
    """The exclusive canonical form (EXC-C14N, without comments) of ``element`` and what it holds, in UTF-8.

    The element is read where it stands and not changed. For the root of a document it is the form of the whole
    document, processing instructions around the root included. Text behind the element is not part of it.

    Raises ``etree.C14NError`` for a tree without canonical form (a relative namespace name).
    """
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)


def inclusive(element: etree._Element) -> bytes:
    """The inclusive canonical form 1.0 (C14N, without comments) of ``element``: with the namespaces around it.

    Only for the small parts of a signature, whose size and namespaces were counted before. Not part of it: attributes
    of the namespace ``xml`` on elements around it, which the form would pass down; the caller refuses them.

    Raises ``etree.C14NError`` as ``canonical`` does.
    """
    return etree.tostring(element, method="c14n", exclusive=False, with_comments=False)
