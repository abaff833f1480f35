"""Documents on paper: a Typst template and what it says, as PDF; nothing of it touches the disk or the network."""

import json
from collections.abc import Mapping
from typing import Any, Final

import typst
from pylopdf_fonts_zh_cn import sans_path

#: What every document looks like; `said` is what it says.
_FRAME: Final = """
#let said = json(bytes(sys.inputs.said))
#set document(title: said.title)
#set page(paper: "a4", margin: 2cm, numbering: "1 / 1")
#set text(font: "Noto Sans SC", size: 10pt, lang: "zh")
#show heading.where(level: 2): set block(above: 1.6em, below: 0.8em)
#set table(stroke: 0.4pt + gray, inset: 6pt)
= #said.title
#text(fill: luma(90), said.lead)
"""


def as_pdf(template: str, said: Mapping[str, Any]) -> bytes:
    """Return a document: `title` and `lead` of what is said on top, and below it what the template makes of the rest.

    The template is Typst's and finds what is said in `said`; whatever is said is text to it, never Typst's markup.
    """
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(sans_path().parent)])
    inputs = {"said": json.dumps(said, ensure_ascii=False)}
    document = typst.compile((_FRAME + template).encode(), font_paths=fonts, sys_inputs=inputs, format="pdf")
    if not isinstance(document, bytes):
        raise TypeError("A document is one file.")
    return document
