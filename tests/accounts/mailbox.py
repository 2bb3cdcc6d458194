"""The letters that the service has sent, which it writes into files here."""

import email
import re
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import NamedTuple

BETWEEN_LETTERS = b"\n" + b"-" * 79 + b"\n"  # Django writes letters of the same second into one file
LINK = re.compile(r"http\S+/#verify=(\S+)")


class Mailbox(NamedTuple):
    """A folder of letters."""

    folder: Path

    def letters_to(self, address: str) -> list[EmailMessage]:
        texts = (text for path in self.folder.iterdir() for text in path.read_bytes().split(BETWEEN_LETTERS))
        letters = (email.message_from_bytes(text, policy=default) for text in texts)
        return [letter for letter in letters if letter["To"] == address]

    def token_for(self, address: str) -> str:
        """Return the token in the link of the only letter to an address."""
        [letter] = self.letters_to(address)
        [token] = LINK.findall(text_of(letter))
        return str(token)


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part
    return str(part.get_content())
