from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from .app import command
from .options import Code, Lang, SetValues, config_file, configured, write_found

if TYPE_CHECKING:
    from ..data.sentence import Sentence
    from ..data.views import Projection, SourceView
    from ..projection.compared import Compared


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
    from ..jobs.fingerprint import made_with
    from ..jobs.pipelines import load_pipeline, projection_pipeline
    from ..projection.compared import compare
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
        lang: compare(
            explain(projector, view, target, exclusive=pipe.exclusive),
            view.projections if in_file else None,
        )
        for lang, view in views.items()
    }
    if not found:
        raise XProjError(Errors.XP923.format(path=input_path, number=sentence))
    write_found(json, {lang: [one.to_plain() for one in own] for lang, own in found.items()})
    print(doc.text)
    for lang, own in found.items():
        view = views[lang]
        print(f"{lang}: {view.text}")
        for one in own:
            _print(one, view, target, top)
        different = {one.explanation.number for one in own if one.differs}
        if different:
            made = made_with(view.provenance, pipe.describe(lang))
            print(
                f"\n{lang}: {len(different)} of {len(view.entities or ())} entities are not as in "
                f"the file, whose view was made with {made}."
            )


def _result(p: "Projection", target: "Sentence") -> str:
    """A projection in a line: status, span, score, reason."""
    from ..data.views import pieces_text

    span = f" {pieces_text(target, p.parts)!r} as {p.label}" if p.parts else ""
    score = "" if p.score is None else f", score {p.score:.3f}"
    return f"{p.status}{span}{score}" + (f": {p.reason}" if p.reason else "")


def _print(compared: "Compared", view: "SourceView", target: "Sentence", top: int) -> None:
    from ..io.tables import Cell, format_table

    explanation, in_file = compared
    entity = (view.entities or ())[explanation.number]
    piece = f", its piece {explanation.text!r}" if entity.pieces else ""
    print(f"\n{entity.label} {view.entity_text(entity)!r}{piece}")
    for p in in_file or ():
        print(f"  in the file: {_result(p, target)}")
    if in_file is None or compared.differs:
        says = "  " if in_file is None else "  not so with these settings: "
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
