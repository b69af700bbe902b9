"""What a format of labelled text is: the class that each file of this folder fills in."""

from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple

from spacy.tokens import Doc

from .reading import Reading

# parse(content, place, row): the Doc of a sentence as ``Format.split`` gives it.
Parse = Callable[[Any, str, int | None], Doc]


class Fit(IntEnum):
    """How much the content of a file looks like a format."""

    NONE = 0
    LIKELY = 1
    SURE = 2  # a signature that no other format has


class Sniffed(NamedTuple):
    """fit: how much a file looks like the format. reason: why it does not, for who meant it to."""

    fit: Fit
    reason: str = ""


class Format:
    """A format: how its files are told from others, split, parsed, counted and written.

    One that is registered (``@registry.xproj_formats("my-project.Thing.v1")``, or an entry point of
    the group ``spacy_xproj_formats``) is known to every command. It is made without arguments.
    ``suffixes`` and ``split``, ``parser`` or ``write`` are what it has to give; a format without
    ``written`` is read only, one whose ``split`` is not overridden can only be written.
    """

    #: What messages call it.
    name: str = ""
    #: The suffixes of its files, in lower case with the dot; each also with ``.gz``.
    suffixes: tuple[str, ...] = ()
    #: Those of them by which ``write_docs`` chooses it. No two formats share one.
    written: tuple[str, ...] = ()
    #: It takes files of its suffixes that no other format knows.
    fallback: bool = False
    #: Whether it can say that a document was not labelled, which is not "has no entities".
    holds_unlabelled: bool = False
    #: Whether it can say of a word that it is open whether it is in an entity (``ent_iob`` 0).
    holds_open_words: bool = False
    #: Whether it can hold a group of ``doc.spans``, whose spans may overlap, and whether also spans
    #: in pieces (``data.span_groups``).
    holds_spans: bool = False
    holds_pieces: bool = False
    #: Whether a file without any entity says that there is none; else it is one not labelled yet.
    holds_empty: bool = True
    #: Whether it keeps all groups of ``doc.spans`` and ``doc.user_data``, with the source views.
    holds_all: bool = False

    @property
    def reads(self) -> bool:
        """Whether it can be read, and not only written."""
        return type(self).split is not Format.split

    def sniff(self, path: str | Path) -> Sniffed:
        """How much the file looks like this format. Asked only where formats share a suffix."""
        return Sniffed(Fit.NONE if self.fallback else Fit.LIKELY)

    def split(self, path: str | Path) -> Iterator[tuple[int, Any]]:
        """The sentences of a file as they stand there, not parsed, each with the number that names
        it: of its first line, or its own, from 1. What is broken about a sentence is for ``parser``
        to say; raises XProjError where the file as a whole cannot be read."""
        raise NotImplementedError

    def check(self, path: str | Path, reading: Reading) -> None:
        """Raise XProjError where it is not certain what of the file is to be read, or where it does
        not have what ``reading`` names: before its sentences are, each of which would be faulty."""

    def count(self, path: str | Path) -> int:
        """How many sentences ``split`` gives."""
        return sum(1 for _ in self.split(path))

    def langs(self, path: str | Path) -> set[str]:
        """The languages that the file says its sentences are in; none where it does not say."""
        return set()

    def parser(self, reading: Reading) -> Parse:
        """What makes a Doc of a sentence in the vocabulary of ``reading``: ``parse(content, place,
        row)``. row: the number of the sentence in the input, for those of its views that have none.
        Entities go to ``doc.ents``; those of a format that ``holds_spans`` to the group that
        ``reading`` names, where it names one.

        A sentence without labels gives a Doc without entity annotation: a word that the file says
        nothing about is open (``ent_iob`` 0), one that it says is in no entity is "O" (2). Raises
        XProjError, naming the place, for a sentence that is broken.
        """
        raise NotImplementedError

    def explain(self, content: Any) -> str:
        """For a sentence without labels: what it has instead, e.g. its keys."""
        return ""

    def companions(self, path: str | Path) -> list[Path]:
        """Other files that belong to this one and are not read on their own."""
        return []

    def write(self, docs: Iterable[Doc], path: str | Path, *, spans_key: str | None = None) -> None:
        """Write Docs, complete or not at all. Those that it cannot hold (``holds_unlabelled``,
        ``holds_open_words``) are not given to it. spans_key: write the entities of this group of
        ``doc.spans`` in place of ``doc.ents``, Docs without the group as not labelled; given to
        formats that ``holds_spans`` only."""
        raise NotImplementedError
