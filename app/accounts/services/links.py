"""The links in mails: each proves that its reader owns an address, once and within an hour."""

from django.conf import settings

from app.accounts.models import Letter, MailedToken, Purpose, User
from app.accounts.queries import mail
from app.accounts.tokens import hash_token, new_token
from app.common.errors import Code, Problem

# What the link of a letter is good for, and the name behind # by which the page at / knows it.
LINKS = {
    Letter.VERIFY_EMAIL: (Purpose.VERIFY_EMAIL, "verify"),
    Letter.RESET_PASSWORD: (Purpose.RESET_PASSWORD, "reset"),
    Letter.CHANGE_EMAIL: (Purpose.CHANGE_EMAIL, "change-email"),
}


def address(letter: Letter, user: User, email: str) -> str:
    """Return the link of a letter. Its token is made now and replaces any earlier one of the same purpose."""
    purpose, name = LINKS[letter]
    token = new_token()
    mail.replace_mailed_token(user, purpose, email, hash_token(token))
    return f"{settings.PUBLIC_URL}/#{name}={token}"


def find(purpose: Purpose, token: str) -> MailedToken:
    """Return what a token stands for; raise Problem (422) for one that is wrong, used, too old or of another kind."""
    found = mail.find_mailed_token(purpose, hash_token(token))
    if found is None:
        raise Problem(Code.INVALID_TOKEN)
    return found


def use(found: MailedToken) -> None:
    """Use a token up, inside the transaction of what it is good for; raise Problem (422) where another was faster."""
    if not mail.use_mailed_token(found):
        raise Problem(Code.INVALID_TOKEN)
