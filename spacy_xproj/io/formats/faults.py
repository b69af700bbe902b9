"""Sentences of a file that are faulty: all of them are named at once, or left out and listed."""

from pathlib import Path

from ...errors import Errors, ShapeError, XProjError

SHOWN = 20
_SKIP = "--skip-bad   (a command without it takes what 'convert IN OUT --skip-bad' writes)"


class Faults:
    """The faulty sentences of an input: the numbers of all, and the errors of the first."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.shown: list[XProjError] = []
        self.of_shape = False

    def add(self, number: int, error: XProjError) -> None:
        """One more. number: of the sentence, from 0."""
        self.numbers.append(number)
        self.of_shape |= isinstance(error, ShapeError)
        if len(self.shown) < SHOWN:
            self.shown.append(error)

    def lines(self) -> str:
        """A line for each of the first, and how many more there are."""
        more = len(self.numbers) - len(self.shown)
        rest = [f"and {more} more"] if more else []
        return "\n".join([*(f"  {error}" for error in self.shown), *rest])

    def error(self, path: str | Path) -> XProjError:
        """One that names all of them."""
        first, n = self.shown[0], len(self.numbers)
        if n == 1:
            return type(first)(f"{first}\nOr leave it out, counted and listed: {_SKIP}")
        return XProjError(Errors.XP633.format(path=path, n=n, faults=self.lines(), skip=_SKIP))
