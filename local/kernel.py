"""The three things asked of Linux that Python has no function for."""

import ctypes
import os
import signal

# Numbers of <linux/prctl.h> and <linux/capability.h>.
_PR_SET_PDEATHSIG = 1
_PR_SET_SECUREBITS = 28
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT = 47
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_READ_SEARCH = 2
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapabilitySets(ctypes.Structure):
    """Effective, permitted and inheritable capabilities 0-31, then the same for 32-63."""

    _fields_ = (("words", ctypes.c_uint32 * 6),)


def end_with_parent(parent: int, number: signal.Signals) -> None:
    """Have the kernel send us this signal when the parent ends, and end at once where it already has.

    A change of user clears the request, so it has to come after one.
    """
    _prctl(_PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os._exit(1)


def become(uid: int, gid: int, *, keep_reading: bool) -> None:
    """Give up root for good, for this process and all that it starts.

    With ``keep_reading`` exactly one capability stays: to read and search any folder, never to write.
    """
    if keep_reading:
        # The capabilities outlast the change of user, and access(2) counts them, which initdb asks.
        _prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if keep_reading:
        _keep_only(_CAP_DAC_READ_SEARCH)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def _keep_only(capability: int) -> None:
    mask = 1 << capability
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    sets = _CapabilitySets((mask, mask, mask, 0, 0, 0))
    _check(_libc.capset(ctypes.byref(header), ctypes.byref(sets)))
    # Only an ambient capability survives the start of another program.
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability)


def _prctl(option: int, *arguments: int) -> None:
    words = [ctypes.c_ulong(argument) for argument in (*arguments, 0, 0, 0, 0)[:4]]
    _check(_libc.prctl(option, *words))


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
