from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from .app import command
from .options import Code, Lang, SetValues, config_file, configured, write_found

if TYPE_CHECKING:
    from ..data.provenance import Provenance
    from ..data.sentence import Sentence
    from ..data.views import Projection, SourceView
    from ..projection.explaining import Explanation


@command("Look and review")
def explain_command(
    input_path: Annotated[
        Path, Argument(metavar="INPUT", help="A corpus with views; or text, with --config")
    ],
    sentence: Annotated[int, Option(min=1, help="Which sentence, counted from 1")] = 1,
    config: Annotated[
        Path | None,
        Option(callback=config_file, help="Config of the projector; of text, of all components"),
    ] = None,
    set_value: SetValues = None,
    code: Code = None,
    top: Annotated[int, Option(min=1, help="Candidates and features to show of each entity")] = 5,
    json: Annotated[
        Path | None, Option(help="Also write all candidates and features, as JSON, to this file")
    ] = None,
    lang: Lang = None,
) -> None:
    """One sentence: every candidate with its features, and why the chosen one won.

    What became of an entity is shown as the file has it; the explanation is of the settings given,
    or the defaults, and says where these give something else.
    """
    from ..data.access import Views
    from ..errors import Errors, XProjError
    from ..io.formats.files import read_docs
    from ..jobs.pipelines import load_pipeline, projection_pipeline
    from ..projection.explaining import explain
    from ..projection.matching import Matching

    given = config
    config, values = configured(config, set_value, code, default="project")
    docs = read_docs(input_path, lang=lang)
    if sentence > len(docs):
        raise XProjError(Errors.XP921.format(path=input_path, n=len(docs), number=sentence))
    doc = docs[sentence - 1]
    in_file = len(Views(doc)) > 0
    if given is not None and not in_file:
        nlp = load_pipeline(given, values)
        doc = nlp(doc.text)
    else:
        nlp = projection_pipeline(doc.lang_ or "xx", config_path=config, overrides=values)
    pipe: Any = nlp.get_pipe("xproj_projector")
    projector = pipe.backend
    if not isinstance(projector, Matching):
        raise XProjError(Errors.XP922.format(kind=type(projector).__name__))
    target = Views(doc).target
    views = {
        lang: view
        for lang, view in Views(doc).items()
        if view.entities and (pipe.source_langs is None or lang in pipe.source_langs)
    }
    found = {
        lang: explain(projector, view, target, exclusive=pipe.exclusive)
        for lang, view in views.items()
    }
    if not found:
        raise XProjError(Errors.XP923.format(path=input_path, number=sentence))
    kept = {lang: view.projections if in_file else None for lang, view in views.items()}
    write_found(
        json, {lang: [_plain(one, kept[lang]) for one in own] for lang, own in found.items()}
    )
    print(doc.text)
    for lang, own in found.items():
        view = views[lang]
        print(f"{lang}: {view.text}")
        for one in own:
            _print(one, view, target, kept[lang], top)
        different = {one.number for one in own if _differs(one, kept[lang])}
        if different:
            made = _made_with(view.provenance, pipe.describe(lang))
            print(
                f"\n{lang}: {len(different)} of {len(view.entities or ())} entities are not as in "
                f"the file, whose view was made with {made}."
            )


def _of(number: int, projections: "Sequence[Projection]") -> "list[Projection]":
    return [p for p in projections if p.entity == number]


def _differs(explanation: "Explanation", kept: "Sequence[Projection] | None") -> bool:
    """Whether the settings give another result than the file holds."""
    if kept is None:
        return False

    def result(p: "Projection") -> tuple[Any, ...]:
        score = None if p.score is None else round(p.score, 3)
        return str(p.status), p.label, p.start, p.end, p.pieces, score

    own = _of(explanation.number, kept)
    return sorted(map(repr, map(result, own))) != sorted(
        map(repr, map(result, explanation.projections))
    )


def _made_with(provenance: "Provenance", now: dict[str, Any]) -> str:
    """The settings of the projector that made a view which are not those of now."""
    from ..jobs.fingerprint import differing, flatten

    if not provenance.known or "projector" not in provenance:
        return "settings that the file does not tell"
    before = {"projector": provenance["projector"]}
    names = differing(before, {"projector": now})
    had, has = flatten(before), flatten({"projector": now})
    changes = [
        f"{name} = {had[name]!r:.60}" if name in had else f"{name} not set (now {has[name]!r:.60})"
        for name in names
    ]
    return ", ".join(changes) or (
        "these settings: its labels were changed afterwards (by --consensus, or by hand)"
    )


def _result(p: "Projection", target: "Sentence") -> str:
    """A projection in a line: status, span, score, reason."""
    from ..data.views import pieces_text

    span = f" {pieces_text(target, p.parts)!r} as {p.label}" if p.parts else ""
    score = "" if p.score is None else f", score {p.score:.3f}"
    return f"{p.status}{span}{score}" + (f": {p.reason}" if p.reason else "")


def _plain(explanation: "Explanation", kept: "Sequence[Projection] | None") -> dict[str, Any]:
    def plain(projections: "Sequence[Projection]") -> list[dict[str, Any]]:
        return [{**p._asdict(), "status": str(p.status)} for p in projections]

    return {
        "entity": explanation.entity._asdict(),
        "number": explanation.number,
        "text": explanation.text,
        "in_file": None if kept is None else plain(_of(explanation.number, kept)),
        "projections": plain(explanation.projections),
        "candidates": [
            {**one._asdict(), "parts": [part._asdict() for part in one.parts]}
            for one in explanation.candidates
        ],
        "nothing": [part._asdict() for part in explanation.nothing],
    }


def _print(
    explanation: "Explanation",
    view: "SourceView",
    target: "Sentence",
    kept: "Sequence[Projection] | None",
    top: int,
) -> None:
    from ..io.tables import Cell, format_table

    entity = (view.entities or ())[explanation.number]
    piece = f", its piece {explanation.text!r}" if entity.pieces else ""
    print(f"\n{entity.label} {view.entity_text(entity)!r}{piece}")
    for p in _of(explanation.number, kept or ()):
        print(f"  in the file: {_result(p, target)}")
    if kept is None or _differs(explanation, kept):
        says = "  " if kept is None else "  not so with these settings: "
        for p in explanation.projections:
            print(f"{says}{_result(p, target)}")
    shown = explanation.candidates[:top]
    if not shown:
        return
    rows: list[list[Cell]] = [
        ["*" if one.chosen else "", one.text, one.score, sum(part.gain for part in one.parts)]
        for one in shown
    ]
    table = format_table(["chosen", "candidate", "score", "evidence"], rows)
    print("\n".join(f"  {line}" for line in table.splitlines()))
    hidden = len(explanation.candidates) - len(shown)
    if hidden:
        print(f"  and {hidden} more")
    best = next((one for one in explanation.candidates if one.chosen), shown[0])
    parts = sorted(best.parts, key=lambda part: -abs(part.gain))[:top]
    if parts:
        of = ", ".join(f"{part.name} {part.gain:+.2f}" for part in parts)
        print(f"  {best.text!r}: {of}")
    decisive = explanation.decisive(top)
    if decisive:
        other = next(one for one in explanation.candidates if one is not best)
        why = ", ".join(f"{name} {gain:+.2f}" for name, gain in decisive)
        print(f"  {best.text!r} against {other.text!r}: {why}")
    nothing = sum(part.gain for part in explanation.nothing)
    if explanation.nothing:
        print(f"  that nothing fits: evidence {nothing:.3f}")
