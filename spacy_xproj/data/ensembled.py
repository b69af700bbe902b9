"""Where a document keeps what its ensemble decided: plain data, and typed access to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .provenance import Provenance
from .rendering import to_html
from .status import Status

if TYPE_CHECKING:
    from spacy.tokens import Doc

KEY = "xproj_ensemble"


class Merged(NamedTuple):
    """An entity of the ensemble: target words [start, end), characters, label, score, and the views
    that support it, each as (language, score of its projection)."""

    start: int
    end: int
    start_char: int
    end_char: int
    label: str
    score: float
    support: tuple[tuple[str, float], ...]


class Outvoted(NamedTuple):
    """A proposal that did not become an entity: its support, and why not."""

    start: int
    end: int
    start_char: int
    end_char: int
    label: str
    score: float
    support: tuple[tuple[str, float], ...]
    status: Status
    reason: str


class Choice(NamedTuple):
    """One of several proposals that conflict; its place among them, from 1, is its id. support: the
    views that propose it."""

    start_char: int
    end_char: int
    label: str
    support: tuple[str, ...]


ANSWERED = "; answered: "  # in a reason, before what cannot be used


class Ruling(NamedTuple):
    """A conflict that was put to an arbiter. asked: who. answer: the ids it chose; None where it
    gave no answer that could be used, and ``reason`` says why, and what it answered: then the vote
    decided. vote: the ids that the vote takes."""

    choices: tuple[Choice, ...]
    asked: str
    answer: tuple[int, ...] | None
    reason: str
    vote: tuple[int, ...]

    @property
    def why(self) -> str:
        """The reason alone, which several may share."""
        return self.reason.partition(ANSWERED)[0]


class Outcome(NamedTuple):
    """What became of all proposals for one sentence, in order of position, and of its conflicts,
    where there is an arbiter."""

    entities: list[Merged]
    outvoted: list[Outvoted]
    rulings: list[Ruling]


class Ensembled:
    """Typed access to what ``xproj_ensemble`` did with one ``Doc``; ``doc._.xproj_ensemble``.

    langs: the views that were merged. absent: by language, why a view had no say. method: what the
    ensemble says of itself.
    """

    def __init__(self, doc: Doc) -> None:
        self._doc = doc
        self._plain: dict[str, Any] = doc.user_data.get(KEY, {})

    def __bool__(self) -> bool:
        """Whether the component has run."""
        return bool(self._plain)

    def __repr__(self) -> str:
        if not self:
            return "Ensembled(not run)"
        counts = f"{len(self.entities)} entities, {len(self.outvoted)} outvoted"
        return f"Ensembled({counts}, of {', '.join(self.langs) or 'no view'})"

    def _repr_html_(self) -> str | None:
        return to_html("doc", self._doc)

    def supporters(self) -> dict[str, list[Merged | Outvoted]]:
        """By language of a view, the proposals that it supports, whatever became of them."""
        proposals: list[Merged | Outvoted] = [*self.entities, *self.outvoted]
        return {
            lang: [one for one in proposals if lang in dict(one.support)] for lang in self.langs
        }

    @property
    def langs(self) -> list[str]:
        return list(self._plain.get("langs", ()))

    @property
    def absent(self) -> dict[str, str]:
        return dict(self._plain.get("absent", {}))

    @property
    def method(self) -> dict[str, Any]:
        return dict(self._plain.get("method", {}))

    @property
    def entities(self) -> list[Merged]:
        """The entities, each with the views that support it."""
        return [Merged(*_typed(row)) for row in self._plain.get("entities", ())]

    @property
    def outvoted(self) -> list[Outvoted]:
        """The proposals that did not become entities, each with its status and reason."""
        return [
            Outvoted(*_typed(row))._replace(status=Status(row[7]))
            for row in self._plain.get("outvoted", ())
        ]

    @property
    def rulings(self) -> list[Ruling]:
        """The conflicts that were put to an arbiter, in order of position."""
        return [
            Ruling(
                tuple(Choice(one[0], one[1], one[2], tuple(one[3])) for one in choices),
                asked,
                None if answer is None else tuple(answer),
                reason,
                tuple(vote),
            )
            for choices, asked, answer, reason, vote in self._plain.get("rulings", ())
        ]

    def report(self) -> str:
        """A readable table: each proposal, its score, the views behind it, what became of it; and
        of each conflict who was asked, what was answered, and what the vote says."""
        if not self:
            return "(no ensemble; add the component 'xproj_ensemble')"
        lines = [f"ensemble of {', '.join(self.langs) or 'no view'}"]
        lines += [f"  {lang} has no say: {why}" for lang, why in self.absent.items()]
        proposals: list[Merged | Outvoted] = [*self.entities, *self.outvoted]
        for one in sorted(proposals, key=lambda p: (p.start, p.end, p.label)):
            text = self._doc.text[one.start_char : one.end_char]
            views = ", ".join(f"{lang} {score:.2f}" for lang, score in one.support)
            became = f"{one.status} ({one.reason})" if isinstance(one, Outvoted) else "entity"
            lines.append(f"  {one.label:<5} {text!r}  {one.score:.2f}  [{views}]  {became}")
        for ruling in self.rulings:
            lines.append(f"asked {ruling.asked}:")
            for number, choice in enumerate(ruling.choices, 1):
                text = self._doc.text[choice.start_char : choice.end_char]
                lines.append(f"  {number}  {choice.label} {text!r}  [{', '.join(choice.support)}]")
            said = f"no answer ({ruling.reason}), so the vote decides"
            if ruling.answer is not None:
                said = f"answered {_ids(ruling.answer)}"
            lines.append(f"  {said}; the vote takes {_ids(ruling.vote)}")
        return "\n".join(lines)


def _ids(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers)) or "none"


def _typed(row: Any) -> list[Any]:
    return [*row[:6], tuple((lang, score) for lang, score in row[6]), *row[7:]]


def store(
    doc: Doc, outcome: Outcome, *, langs: list[str], absent: dict[str, str], method: Provenance
) -> None:
    """Keep an outcome with the document: plain data, but for what the ensemble says of itself."""

    def plain(one: Merged | Outvoted) -> list[Any]:
        row: list[Any] = list(one)
        row[6] = [list(pair) for pair in one.support]
        return [value.value if isinstance(value, Status) else value for value in row]

    doc.user_data[KEY] = {
        "langs": langs,
        "absent": absent,
        "method": method,
        "entities": [plain(one) for one in outcome.entities],
        "outvoted": [plain(one) for one in outcome.outvoted],
    }
    if outcome.rulings:
        doc.user_data[KEY]["rulings"] = [
            [
                [[*choice[:3], list(choice.support)] for choice in ruling.choices],
                ruling.asked,
                None if ruling.answer is None else list(ruling.answer),
                ruling.reason,
                list(ruling.vote),
            ]
            for ruling in outcome.rulings
        ]


def install_extension() -> None:
    """Add ``doc._.xproj_ensemble``."""
    from spacy.tokens import Doc

    Doc.set_extension(KEY, getter=Ensembled, force=True)
