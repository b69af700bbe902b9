"""Text from data on a terminal, which it must not steer."""

import re
from typing import Any

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
_BUT_LINES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # tabs and line ends stay
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_HALVES = re.compile("[\ud800-\udfff]")  # of surrogate pairs, which no encoding has
STDOUT = "standard output"  # what errors call it


def harmless(text: str, *, lines: bool = False) -> str:
    """The text with control characters as spaces, without those that turn the direction of
    writing, so that it cannot steer a terminal or show other text than it is, and with U+FFFD for
    what cannot be encoded. lines: keep line ends and tabs."""
    text = (_BUT_LINES if lines else _CONTROLS).sub(" ", text)
    return _HALVES.sub("\ufffd", _BIDI.sub("", text))


class Harmless:
    """A stream of text to which only what is ``harmless`` comes. An OSError of it has the name
    ``STDOUT``."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            self._stream.write(harmless(text, lines=True))
        except OSError as error:
            raise _named(error) from error
        return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError as error:
            raise _named(error) from error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _named(error: OSError) -> OSError:
    return OSError(error.errno, error.strerror, STDOUT)
