"""The letters that the service has sent, which it writes into files here."""

import email
import os
import re
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from local.waiting import wait_until
from tests.rows import ask

FOLDER = Path(os.environ.get("DOABLE_DATA", "")) / "mail"
BETWEEN_LETTERS = b"\n" + b"-" * 79 + b"\n"  # Django writes letters of the same second into one file
LINK = re.compile(r"http\S+/#[a-z-]+=(\S+)")
DEADLINE = 20  # seconds
WAITING = "SELECT count(*) FROM core_outgoing_mail WHERE email = %s"


def letters_to(address: str) -> list[EmailMessage]:
    """Return all letters to an address, the oldest first, once every one on its way has arrived."""
    wait_until(lambda: ask(WAITING, address) == 0, DEADLINE, f"mail to {address} has not been sent")
    paths = sorted(FOLDER.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    texts = (text for path in paths for text in path.read_bytes().split(BETWEEN_LETTERS) if address.encode() in text)
    letters = (email.message_from_bytes(text, policy=default) for text in texts)
    return [letter for letter in letters if letter["To"] == address]


def subjects_to(address: str) -> list[str]:
    return [letter["Subject"] for letter in letters_to(address)]


def token_for(address: str) -> str:
    """Return the token in the link of the last letter to an address that has one."""
    tokens = [token for letter in letters_to(address) for token in LINK.findall(text_of(letter))]
    return str(tokens[-1])


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part
    return str(part.get_content())
