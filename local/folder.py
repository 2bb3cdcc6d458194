"""The data folder: where everything of one installation lies, and who holds it."""

import fcntl
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.account import unprivileged
from local.fault import Fault
from local.waiting import wait_until

# A socket's path has at most 107 bytes, and nginx has no way to write some letters of a path.
PLAIN = re.compile(r"[A-Za-z0-9/._-]{1,80}")
REMAINS_DEADLINE = 30  # seconds in which the servers of a killed supervisor have to end
PROBE_DEADLINE = 1  # seconds; whoever only looks whether the lock is held, holds it for an instant
PID_WIDTH = 10  # digits, padded, so that a shorter number covers a longer one


@dataclass(frozen=True)
class Folder:
    """One DATA folder."""

    root: Path

    @property
    def plain(self) -> Path:
        """Return DATA by a short path of plain letters, which is a link to it where its own isn't such a path."""
        return self.root if PLAIN.fullmatch(str(self.root)) else self._outside / "data"

    @property
    def sockets(self) -> Path:
        """Return the folder of the sockets: DATA/run, or one outside where the path doesn't suit a socket."""
        return self.root / "run" if self.plain == self.root else self._outside

    @property
    def _outside(self) -> Path:
        name = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"doable-{os.geteuid()}-{name}"

    def subfolder(self, name: str) -> Path:
        """Return a private folder of that name inside DATA, made where it is missing."""
        path = self.root / name
        path.mkdir(mode=0o700, exist_ok=True)
        return path

    # --- making it -----------------------------------------------------------------------------------

    def claim(self) -> None:
        """Make the folder, for root with an unprivileged owner. Nothing outside it is changed.

        Raise Fault where it can't be made or holds files of something else.
        """
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(self.root.iterdir()) and not self._lock.exists():
                raise Fault(f"DATA={self.root} holds other files; choose a new or an empty folder")
            if os.geteuid() == 0 and self.root.stat().st_uid == 0:
                user = unprivileged()
                os.chown(self.root, user.pw_uid, user.pw_gid)
            self.root.chmod(0o700)
        except OSError as refusal:
            raise self._unusable(refusal) from None

    @contextmanager
    def reachable(self) -> Iterator[None]:
        """Make the folder of the sockets and the plain path, and remove what of it lies outside of DATA."""
        self.subfolder("run")
        if self.plain == self.root:
            yield
            return
        self._make_outside()
        try:
            yield
        finally:
            shutil.rmtree(self._outside)

    def _make_outside(self) -> None:
        self._outside.mkdir(mode=0o700, exist_ok=True)
        found = self._outside.lstat()
        if found.st_uid != os.geteuid() or found.st_mode & 0o77:
            raise Fault(f"{self._outside} belongs to somebody else; choose a DATA with a short and plain path")
        self.plain.unlink(missing_ok=True)
        self.plain.symlink_to(self.root)

    def _unusable(self, refusal: OSError) -> Fault:
        return Fault(f"DATA={self.root} can't be used ({refusal.strerror}); choose another folder")

    # --- holding it ----------------------------------------------------------------------------------

    @property
    def _lock(self) -> Path:
        return self.root / "doable.lock"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder as its only supervisor.

        Whatever is started meanwhile inherits a second lock. So a folder that could be taken has nothing left
        running, neither a server nor a half-done initdb, not even after the supervisor was killed.
        """
        with self._open(self._lock) as supervisor, self._open(self.root / "servers.lock") as servers:
            holder = os.pread(supervisor, PID_WIDTH, 0).decode().strip()
            in_use = f"DATA={self.root} is in use by process {holder}; stop it or choose another folder"
            wait_until(lambda: _try_lock(supervisor), PROBE_DEADLINE, in_use)
            os.pwrite(supervisor, f"{os.getpid():<{PID_WIDTH}}".encode(), 0)
            remains = f"the servers of an earlier run in DATA={self.root} don't end; stop them by hand"
            wait_until(lambda: _try_lock(servers), REMAINS_DEADLINE, remains)
            # A killed supervisor has left its own, and may have had the number that we have.
            self._environment.unlink(missing_ok=True)
            os.set_inheritable(servers, True)
            yield

    @contextmanager
    def _open(self, path: Path) -> Iterator[int]:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as refusal:
            raise self._unusable(refusal) from None
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def supervisor(self) -> int | None:
        """Return the process that holds the folder, None where there is none. Raise Fault where it is closed."""
        try:
            if not self._lock.exists():
                return None
        except OSError as refusal:
            raise self._unusable(refusal) from None
        with self._open(self._lock) as descriptor:
            return None if _try_lock(descriptor) else int(os.pread(descriptor, PID_WIDTH, 0) or 0)

    # --- what a running stack tells others ----------------------------------------------------------

    @property
    def _environment(self) -> Path:
        return self.root / "run" / "environment.json"

    @contextmanager
    def published(self, variables: Mapping[str, str]) -> Iterator[None]:
        """Leave the app's variables for the commands of others while the stack is ready."""
        draft = self._environment.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps({"supervisor": os.getpid(), "variables": variables}, indent=2))
        draft.replace(self._environment)
        try:
            yield
        finally:
            self._environment.unlink()

    def variables_of(self, supervisor: int) -> dict[str, str] | None:
        """Return the variables of that process's stack, None while it isn't ready."""
        if not self._environment.exists():
            return None
        found = json.loads(self._environment.read_text())
        return dict(found["variables"]) if found["supervisor"] == supervisor else None


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
