"""The sentences of an input, and what reading it told of each."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from spacy.tokens import Doc

from ...errors import Errors, XProjError

SHOWN = 5


class NotLabelled(NamedTuple):
    """A sentence with words but without labels: its number (from 0), its place, and what it has
    instead, where that is known."""

    number: int
    place: str
    why: str


class Corpus(NamedTuple):
    """The sentences of an input with their places, which of them are not labelled, and whether each
    came as a text that was cut into words here.

    faulty: the numbers (from 0) of those that cannot be read and were left out: they are Docs
    without words, so that the others keep their numbers, until ``drop`` takes them away. spans_key:
    the group of ``doc.spans`` that the entities are in; None for ``doc.ents``. read_as: where a
    file was read in another format than its suffix usually stands for, why. rejected: which records
    are not among the sentences, as people rejected them; left_out: where in the input each of them
    stands. had: how many entities each sentence had whose labels were not to be looked at.
    """

    path: str | Path
    docs: list[Doc]
    places: list[str]
    not_labelled: list[NotLabelled]
    cut: list[bool]
    faulty: list[int]
    spans_key: str | None = None
    read_as: str = ""
    rejected: str = ""
    left_out: tuple[str, ...] = ()
    had: Sequence[int] = ()

    @property
    def name(self) -> str:
        """What errors about its length call it."""
        return f"{self.path} ({self.rejected})" if self.rejected else str(self.path)

    def notice(self, *, shown: int = 3) -> str:
        """A line that names the sentences that are not labelled; empty where all are."""
        if not self.not_labelled:
            return ""
        named = [
            f"{', '.join(one.place for one in own)}{f': {why}' if why else ''}"
            for why, own in groupby(self.not_labelled[:shown], key=lambda one: one.why)
        ]
        n = len(self.not_labelled)
        more = f"; and {n - shown} more" if n > shown else ""
        counts = f"{n} of {len(self.docs)} sentences of {self.path} are not labelled"
        read_as = f". {self.read_as}" if self.read_as else ""
        return f"{counts} ({'; '.join(named)}{more}){read_as}"

    def replaced(self) -> dict[str, int]:
        """How many entities of how many sentences give way to others: those that sentences had
        whose labels were not to be looked at."""
        return {"entities": sum(self.had), "sentences": sum(map(bool, self.had))}

    def drop(self, numbers: Iterable[int]) -> "Corpus":
        """The corpus without these sentences, which are counted from 0."""
        gone = set(numbers)
        kept = [i for i in range(len(self.docs)) if i not in gone]
        new = {old: i for i, old in enumerate(kept)}
        return self._replace(
            docs=[self.docs[i] for i in kept],
            places=[self.places[i] for i in kept],
            not_labelled=[
                one._replace(number=new[one.number])
                for one in self.not_labelled
                if one.number in new
            ],
            cut=[self.cut[i] for i in kept],
            faulty=[new[i] for i in self.faulty if i in new],
            had=[self.had[i] for i in kept] if self.had else (),
        )


def check_left_out(corpora: Iterable[Corpus]) -> None:
    """Raise XProjError where corpora that belong together line by line have records left out at
    different places, so that the lines behind them would be taken for one another's. One without
    any may have had them taken out before."""
    with_some = [one for one in corpora if one.left_out]
    for one in with_some[1:]:
        first = with_some[0]
        if set(one.left_out) != set(first.left_out):
            only = sorted(
                f"{side.path}{where}"
                for side, other in ((first, one), (one, first))
                for where in {*side.left_out} - {*other.left_out}
            )
            shown = ", ".join(only[:SHOWN]) + (", ..." if len(only) > SHOWN else "")
            raise XProjError(Errors.XP803.format(a=first.path, b=one.path, places=shown))
