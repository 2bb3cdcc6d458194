"""What the person reads when everything is up."""

from urllib.parse import urlsplit

from local.stack import Stack

TEXT = """
  Doable is ready

    Address   {url}
    API docs  {url}/api/docs/   {url}/api/redoc/
    Docs      {url}/docs/
    Data      {data}
    Mail      {mail}
    Logs      {data}/logs
    Servers   {servers}

    {profile}
    Ctrl-C stops everything; the next `make run` finds the data again.
"""
PROFILES = {
    "http-local": "PROFILE=http-local: cookies travel without TLS, for this machine and private networks only.",
    "tls": "PROFILE=tls: cookies are sent over https only; put TLS in front of this address (docs/tls.md).",
}


def text(stack: Stack) -> str:
    """Return the lines for a terminal; they hold no secret."""
    servers = (stack.binaries.postgresql, stack.binaries.redis, stack.binaries.nginx)
    return TEXT.format(
        url=stack.variables["PUBLIC_URL"],
        data=stack.folder.root,
        mail=_mail(stack),
        servers=", ".join(map(str, servers)),
        profile=PROFILES.get(stack.variables["PROFILE"], ""),
    )


def _mail(stack: Stack) -> str:
    """Say where letters go; an address of a mail server holds its password, so only host and port are shown."""
    address = urlsplit(stack.variables["EMAIL_URL"])
    if address.scheme == "filemail":
        return f"{stack.folder.root}/mail (files, because no mail server is set)"
    return f"{address.scheme} {address.netloc.rpartition('@')[2]}".rstrip()
