"""The letters that the service has sent, which it writes into files here."""

import email
import re
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import NamedTuple

LINK = re.compile(r"http\S+/#verify=(\S+)")


class Mailbox(NamedTuple):
    """A folder of letters."""

    folder: Path

    def letters_to(self, address: str) -> list[EmailMessage]:
        letters = (email.message_from_bytes(path.read_bytes(), policy=default) for path in self.folder.iterdir())
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
