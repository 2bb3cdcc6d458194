"""Contents as people and attackers send them."""

MIB = 2**20

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'

HARMLESS = {
    "image/png": PNG,
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01",
    "image/gif": b"GIF89a\x01\x00\x01\x00",
    "image/webp": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "application/pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "audio/mpeg": b"ID3\x04\x00\x00\x00\x00\x00\x00",
    "video/mp4": b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom",
}
NEVER_AS_THEMSELVES = {
    "HTML": HTML,
    "HTML after a byte order mark": b"\xef\xbb\xbf" + HTML,
    "HTML that hides a PNG": HTML + PNG,
    "SVG": SVG,
    "SVG after its declaration": b'<?xml version="1.0"?>' + SVG,
    "XML": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "a script": b"alert(document.cookie)",
    "JSON": b'{"title": "Buy oat milk"}',
    "text": b"Oat milk: 2.19",
    "a program": b"\x7fELF\x02\x01\x01",
    "an archive": b"PK\x03\x04\x14\x00",
    "the beginning of a PNG": PNG[:7],
    "one byte": b"\x00",
}
