"""Makes the site at /docs/ of the pages in docs/ and of those beside it: python docs/site/build.py FOLDER."""

import re
import shutil
import sys
import tempfile
from pathlib import Path
from posixpath import dirname, join, normpath, relpath

from sphinx.cmd.build import main as sphinx

HERE = Path(__file__).parent
CLONE = HERE.parents[1]
LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<target>[^)#\s]+)(?P<anchor>#[^)\s]*)?\)")
BESIDE = {
    "README.md": "project/readme.md",
    "ARCHITECTURE.md": "project/architecture.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "SECURITY.md": "project/security.md",
    "CHANGELOG.md": "project/changelog.md",
    "LICENSE": "project/license.md",
    "bench/README.md": "project/bench.md",
}
CHAPTERS = {
    "Begin": "quick-start project/readme",
    "Use the API": "api errors lists todos batch attachments trash export texts accounts audit",
    "Run it": "operations backup configuration tls reverse-proxies hardening upgrade",
    "Watch over it": "monitoring metrics runbook troubleshooting",
    "Know it": "project/architecture database performance project/bench project/security",
    "Change it": "project/contributing how-to-add-a-field project/changelog project/license",
}


def main() -> int:
    """Return the exit code of Sphinx, to which a link that leads nowhere is a failure."""
    site = sys.argv[1]
    shutil.rmtree(site, ignore_errors=True)
    with tempfile.TemporaryDirectory() as pages, tempfile.TemporaryDirectory() as notes:
        gather(Path(pages))
        return int(sphinx(["-q", "-W", "--keep-going", "-b", "dirhtml", "-c", str(HERE), "-d", notes, pages, site]))


def gather(folder: Path) -> None:
    """Bring all pages together, as links in them go on to lead to each other, and list them behind the first."""
    shutil.copytree(HERE.parent, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(HERE.name))
    (folder / "project").mkdir()
    places = BESIDE | {
        f"docs/{name}": name for name in (str(page.relative_to(folder)) for page in folder.rglob("*.md"))
    }
    for page, place in places.items():
        text = ("# " if page == "LICENSE" else "") + (CLONE / page).read_text()
        (folder / place).write_text(LINK.sub(lambda link, page=page: moved(link, page, places), text))
    decisions = " ".join(sorted(f"decisions/{page.stem}" for page in (folder / "decisions").iterdir()))
    with (folder / "index.md").open("a") as index:
        index.writelines(chapter(*one) for one in (CHAPTERS | {"Decisions": decisions}).items())


def moved(link: re.Match[str], page: str, places: dict[str, str]) -> str:
    """Return a link between pages as it is on the site, where a title says more than the name of a file."""
    place = places.get(normpath(join(dirname(page), link["target"])))
    text = "" if link["text"].endswith(".md") else link["text"]
    return f"[{text}]({relpath(place, dirname(places[page]) or '.')}{link['anchor'] or ''})" if place else link[0]


def chapter(title: str, pages: str) -> str:
    return "\n```{toctree}\n:hidden:\n:caption: " + title + "\n\n" + pages.replace(" ", "\n") + "\n```\n"


if __name__ == "__main__":
    sys.exit(main())
