"""An element and its children -> an XML document that any parser accepts, whatever the names in it."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from leakscan.reports.wording import visible


def element(parent: Element | None, tag: str, attributes: Mapping[str, object], text: str = "") -> Element:
    """A new element, the last in `parent` if there is one. XML has no place for what does not print: it is written out.

    Line ends in `text` stay.
    """
    shown = {name: visible(str(value)) for name, value in attributes.items()}
    made = Element(tag, shown) if parent is None else SubElement(parent, tag, shown)
    if text:
        made.text = "\n".join(map(visible, text.split("\n")))
    return made


def document(root: Element) -> str:
    """The whole text, indented, with its declaration."""
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"
