"""What parts can be asked for besides their work, and the check that what is plugged in fits.

Each kind of part has one shape, a Protocol in ``base.py`` of its room: translators, taggers,
aligners and encoders, candidates, scores, solvers and projectors, ensembles. What only some parts
can do is named here (and, where it takes what only one room knows, there): whoever needs it asks
with ``isinstance``. So is what rooms that may not know each other hand on: the questions that a
teacher or an arbiter asks of a language model, and the answers.
"""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

from .errors import Errors, XProjError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from .data.sentence import Sentence
    from .data.views import SourceView


@runtime_checkable
class Saveable(Protocol):
    """Carries data that a saved pipeline needs: a bitext, links, what was learnt."""

    def to_bytes(self) -> bytes:
        """The data; must not need what ``from_bytes`` is to spare, such as a file."""
        ...

    def from_bytes(self, data: bytes) -> Any:
        """Restore, in place, what ``to_bytes`` gave."""
        ...


@runtime_checkable
class Trainable(Protocol):
    """Learns from a parallel corpus, without labels."""

    def train(self, views: "Sequence[SourceView]", targets: "Sequence[Sentence]") -> None:
        """Learn from all pairs of a corpus, in place of what was learnt before."""
        ...


@runtime_checkable
class Checkable(Protocol):
    """Can tell before the first document whether it could not process any; one that is made of
    others asks these (``check_all_ready``). Asked before any part does what may cost money."""

    def check_ready(self) -> None:
        """Raise NotLearntError where it would have to learn from the whole input first, another
        XProjError where something that its settings name is missing. Loads no model; does nothing
        where all is well."""
        ...


@runtime_checkable
class Identifiable(Protocol):
    """Its results depend on more than ``describe()`` says: on what is in a model's files."""

    def identity(self) -> dict[str, Any] | None:
        """Plain data that is equal only where the results are; None as long as that is not
        known."""
        ...


@runtime_checkable
class StandIn(Protocol):
    """Stands before another part, whose results its own are: no setting of its own counts."""

    stands_for: str
    """The setting and attribute that give the other part."""


class Question(NamedTuple):
    """What is asked of a language model. system: what it is to do. user: what about. form: what the
    answer must be, exactly."""

    system: str
    user: str
    form: "type[BaseModel]"


class Answer(NamedTuple):
    """What came back. value: an instance of the question's form; None where nothing came that is
    one, and ``reason`` says why. text: as it was given. planned: a dry run would have asked.
    outage: the fault is not the question's: no server, no right, no budget; later it may be
    answered. kept: it is in the cache, so that the same question has the same answer.
    """

    value: Any
    reason: str = ""
    text: str = ""
    planned: bool = False
    outage: bool = False
    kept: bool = False


@runtime_checkable
class Chat(Protocol):
    """Asks a language model (``xproj_clients``)."""

    def ask(self, questions: Sequence[Question]) -> list[Answer]:
        """One answer per question, in order. Whatever goes wrong with one is its answer's reason;
        nothing is raised for it."""
        ...

    def describe(self) -> dict[str, Any]:
        """Which model and settings, as plain data; never a key."""
        ...

    def limits(self) -> dict[str, Any]:
        """What asking may cost at most, as plain data."""
        ...


@runtime_checkable
class Counted(Protocol):
    """Counts what its work cost."""

    def usage(self) -> dict[str, float]:
        """What was spent since it was made, by name: calls, tokens, cache hits, seconds ..."""
        ...


def check_all_ready(*parts: Any) -> None:
    """Ask those parts that can tell whether they are ready. Raises as ``Checkable``."""
    for part in parts:
        if isinstance(part, Checkable):
            part.check_ready()


_once_more: ContextVar[bool] = ContextVar("once_more", default=False)


@contextmanager
def once_more() -> Iterator[None]:
    """What is asked within was asked before, by a batch that failed. Parts that count look at
    ``is_once_more``: what was paid for then is at hand now, and is not a cache hit."""
    token = _once_more.set(True)
    try:
        yield
    finally:
        _once_more.reset(token)


def is_once_more() -> bool:
    """Whether a batch that failed is tried one by one."""
    return _once_more.get()


def usage_of(*parts: Any) -> dict[str, float]:
    """What parts have cost together, as far as they count it."""
    total: dict[str, float] = {}
    for part in parts:
        if isinstance(part, Counted):
            for name, value in part.usage().items():
                total[name] = total.get(name, 0) + value
    return total


def check_answer(answer: Answer) -> Any:
    """The value of an answer that is needed; None in a dry run. Raises XProjError where there is
    none: for an outage from a ConnectionError, so that a run stops and marks nothing as failed."""
    if answer.value is None and not answer.planned:
        if answer.kept:
            raise XProjError(Errors.XP986.format(reason=answer.reason))
        error = XProjError(Errors.XP984.format(reason=answer.reason))
        raise error from (ConnectionError(answer.reason) if answer.outage else None)
    return answer.value


def check_part(part: Any, kind: type, *, user: str, setting: str, example: str) -> Any:
    """The same part. Raises XProjError where it lacks what its kind has, saying what is missing.

    kind: a Protocol. user: whose part it is, and the setting that names it. example: a part that
    fits, as it is named in a config: ``"@xproj_scores": "spacy-xproj.AlignScore.v1"``.
    """
    missing = [why for name in _members(kind) if (why := _missing(part, kind, name))]
    if inspect.isclass(part):
        missing = ["an instance: the class itself was given"]
    if missing:
        raise XProjError(
            Errors.XP520.format(
                user=user,
                setting=setting,
                part=part.__name__ if inspect.isclass(part) else type(part).__name__,
                kind=kind.__name__,
                missing="; ".join(missing),
                example=example,
            )
        )
    return part


def check_parts(
    parts: Mapping[str, Any], kind: type, *, user: str, setting: str, example: str
) -> dict[str, Any]:
    """``check_part`` of each of several named parts; they are given back in order of names."""
    return {
        name: check_part(parts[name], kind, user=user, setting=f"{setting}.{name}", example=example)
        for name in sorted(parts)
    }


def unfit(part: Any, method: str, *, gave: str, wanted: str) -> XProjError:
    """The error of a part that gave something else than its kind must give."""
    kind = type(part).__name__
    return XProjError(Errors.XP115.format(kind=kind, method=method, gave=gave, wanted=wanted))


def check_count(part: Any, method: str, given: Any, n: int, *, wanted: str) -> Sequence[Any]:
    """What a part gave, where it is one item for each of n. Raises XProjError otherwise."""
    if not isinstance(given, Sequence) or isinstance(given, str | bytes):
        raise unfit(part, method, gave=f"{given!r:.60}", wanted=f"a list of {wanted}")
    if len(given) != n:
        raise unfit(part, method, gave=f"{len(given)} for {n}", wanted=f"{wanted}, in order")
    return given


def _members(kind: type) -> list[str]:
    return [name for name in dir(kind) if not name.startswith("_")]


def _missing(part: Any, kind: type, name: str) -> str:
    """What a part lacks of one member of its kind; "" where it fits."""
    wanted = inspect.getattr_static(kind, name)
    if not callable(wanted):  # an attribute, which may be dear to ask for
        return "" if name in dir(part) else name
    method = getattr(part, name, None)
    if not callable(method):
        return f"{name}()"
    # Called as the protocol says it is.
    needed = [
        parameter
        for parameter in list(inspect.signature(wanted).parameters.values())[1:]
        if parameter.default is parameter.empty
    ]
    places = [p.name for p in needed if p.kind is not p.KEYWORD_ONLY]
    names = {p.name: p.name for p in needed if p.kind is p.KEYWORD_ONLY}
    try:
        inspect.signature(method).bind(*places, **names)
    except TypeError as error:
        return f"{name}({', '.join([*places, *(f'{name}=' for name in names)])}): {error}"
    except ValueError:  # a builtin that does not tell
        return ""
    return ""


def check_chat(client: Any, *, user: str) -> Chat:
    """The same client, as ``check_part``."""
    example = '"@xproj_clients": "spacy-xproj.ChatClient.v1", "url": "URL", "model": "NAME"'
    checked: Chat = check_part(client, Chat, user=user, setting="client", example=example)
    return checked
