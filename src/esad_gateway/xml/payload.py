"""The EMCS message inside a signed document."""

from lxml import etree

SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"


def without_signature(root: etree._Element) -> etree._Element:
    """``root`` without its own signature, if its last child is one; the official schemas have no place for it.

    The signature is *not* verified: for drafts and dry runs only. What must be trusted comes from a verifier.
    """
    if len(root) and root[-1].tag == SIGNATURE:
        root.remove(root[-1])
    return root
