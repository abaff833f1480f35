"""Addresses as pictures that a phone reads."""

import base64
from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathImage


def picture_of(text: str) -> str:
    """Return a QR code of the text as a `data:` address of an SVG image."""
    content = BytesIO()
    qrcode.make(text, image_factory=SvgPathImage).save(content)
    return f"data:image/svg+xml;base64,{base64.b64encode(content.getvalue()).decode()}"
