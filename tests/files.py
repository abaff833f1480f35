"""Made-up files: documents and pictures as small as their formats allow."""

import struct
import zlib


def a_pdf(extra: bytes = b"") -> bytes:
    """Return a document with `extra` in it."""
    return b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + extra + b"\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def a_png(width: int = 3, height: int = 2) -> bytes:
    """Return a picture that says it has this size."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


def a_jpeg(width: int = 3, height: int = 2, frame: int = 0xC0) -> bytes:
    """Return the beginning of a picture that says it has this size, in a frame of this kind."""
    start = b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\x00" + bytes(9)
    return start + bytes([0xFF, frame]) + struct.pack(">HBHHB", 11, 8, height, width, 1) + bytes(3) + b"\xff\xd9"
