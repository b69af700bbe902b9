"""Faults of the surroundings: a full disk, no memory, a file that is gone, a right that is lacking.

They are no matter of the sentence at which they show, and the next one would show them, too. A run
stops at the first, says what to do, and goes on from there when it is run again.
"""

import errno
import os
import sqlite3
from concurrent.futures import BrokenExecutor

from ..errors import Errors, XProjError, reason_of

_KINDS = (OSError, MemoryError, BrokenExecutor, sqlite3.OperationalError)
_FREE = "Free some space"
_RIGHT = "Give this user the right to it"
_BACK = "Put it back where it was"
_OTHER = "Name another path"
_MEMORY = (
    "Use fewer --workers or a smaller batch_size (--set nlp.batch_size=32, or that of the part "
    "that runs the model)"
)
_FIXES = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), _FREE),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), _RIGHT),
    **dict.fromkeys((errno.ENOENT, errno.ESTALE), _BACK),
    **dict.fromkeys(
        (errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP), _OTHER
    ),
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), "Allow more open files (ulimit -n 4096)"),
    errno.ENOMEM: _MEMORY,
}
_SQLITE = {"full": _FREE, "readonly": _RIGHT, "unable to open": _RIGHT, "disk i/o": _FREE}


class Fault(XProjError):
    """A fault of the surroundings that a component met: which, at which sentence, and what to do
    about it, as an instruction without its full stop."""

    def __init__(self, component: str, place: str, reason: str, fix: str) -> None:
        super().__init__(component, place, reason, fix)
        self.component, self.place, self.reason, self.fix = component, place, reason, fix

    def __str__(self) -> str:
        return Errors.XP870.format(
            component=self.component, place=self.place, reason=self.reason, fix=self.fix
        )


def surroundings(error: BaseException | None) -> BaseException | None:
    """The fault of the surroundings that an error is, or that it was raised from; else None."""
    while error is not None:
        if isinstance(error, _KINDS) or type(error) is sqlite3.DatabaseError or _no_memory(error):
            return error
        error = error.__cause__
    return None


def _no_memory(error: BaseException) -> bool:
    """What torch raises, which this module does not import."""
    return type(error).__name__ == "OutOfMemoryError" or (
        isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
    )


def fix_of(cause: BaseException) -> str:
    """What to do about a fault, as an instruction without its full stop."""
    if isinstance(cause, MemoryError) or _no_memory(cause):
        return _MEMORY
    if isinstance(cause, OSError):
        return _FIXES.get(cause.errno or 0, "Mend that")
    said = str(cause).lower()
    return next((fix for words, fix in _SQLITE.items() if words in said), "Mend that")


def fault(error: BaseException, *, component: str, place: str) -> Fault | None:
    """An error as a fault of the surroundings; None where it is none."""
    cause = surroundings(error)
    if cause is None:
        return None
    return Fault(component, place, reason_of(error), fix_of(cause))


def explained(error: OSError | MemoryError) -> XProjError:
    """What a command says of a fault of the surroundings that ends it: the file, why, and what to
    do."""
    name = getattr(error, "filename", None)
    reason = getattr(error, "strerror", None) or reason_of(error)
    where = "This machine" if name is None else os.fsdecode(name)
    return XProjError(Errors.XP927.format(where=where, reason=reason, fix=fix_of(error)))
