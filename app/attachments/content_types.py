"""What a content is, told from its first bytes: what a client says of it counts for nothing.

The patterns are those of the MIME Sniffing Standard (section 6) by which browsers tell the same types. What is none of
these is bytes to us, text and HTML above all: no browser shall ever show them as ours.
"""

import re

BYTES = "application/octet-stream"
HEAD = 32  # bytes, more than any pattern looks at

PATTERNS = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/gif": re.compile(rb"GIF8[79]a"),
    "image/webp": re.compile(rb"RIFF.{4}WEBPVP", re.DOTALL),
    "application/pdf": re.compile(rb"%PDF-"),
    "audio/mpeg": re.compile(rb"ID3"),
    "video/mp4": re.compile(rb".{4}ftyp(?:mp4|isom|iso2|avc1)", re.DOTALL),
}
TYPES = (*PATTERNS, BYTES)


def content_type_of(head: bytes) -> str:
    """Return the type of a content that begins so."""
    return next((name for name, pattern in PATTERNS.items() if pattern.match(head)), BYTES)
