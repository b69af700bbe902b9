from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from .app import command
from .options import Code, Lang, SetValues, config_file, configured, write_found

if TYPE_CHECKING:
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
    """One sentence: every candidate with its features, and why the chosen one won."""
    from ..data.access import Views
    from ..errors import Errors, XProjError
    from ..io.formats.files import read_docs
    from ..jobs.pipelines import load_pipeline, projection_pipeline
    from ..projection.explaining import explain
    from ..projection.matching import Matching

    config, values = configured(config, set_value, code, default="project")
    docs = read_docs(input_path, lang=lang)
    if sentence > len(docs):
        raise XProjError(Errors.XP921.format(path=input_path, n=len(docs), number=sentence))
    doc = docs[sentence - 1]
    if config is not None and not len(Views(doc)):
        nlp = load_pipeline(config, values)
        doc = nlp(doc.text)
    else:
        nlp = projection_pipeline(
            doc.lang_ or "xx", config_path=config, overrides=values if config else None
        )
    pipe: Any = nlp.get_pipe("xproj_projector")
    projector = pipe.backend
    if not isinstance(projector, Matching):
        raise XProjError(Errors.XP922.format(kind=type(projector).__name__))
    found = {
        lang: explain(projector, view, Views(doc).target)
        for lang, view in Views(doc).items()
        if view.entities
    }
    if not found:
        raise XProjError(Errors.XP923.format(path=input_path, number=sentence))
    write_found(json, {lang: [_plain(one) for one in own] for lang, own in found.items()})
    print(doc.text)
    for lang, own in found.items():
        print(f"{lang}: {Views(doc)[lang].text}")
        for one in own:
            _print(one, top)


def _plain(explanation: "Explanation") -> dict[str, Any]:
    return {
        "entity": explanation.entity._asdict(),
        "text": explanation.text,
        "projections": [{**p._asdict(), "status": str(p.status)} for p in explanation.projections],
        "candidates": [
            {**one._asdict(), "parts": [part._asdict() for part in one.parts]}
            for one in explanation.candidates
        ],
        "nothing": [part._asdict() for part in explanation.nothing],
    }


def _print(explanation: "Explanation", top: int) -> None:
    from ..io.tables import Cell, format_table

    print(f"\n{explanation.entity.label} {explanation.text!r}")
    for p in explanation.projections:
        print(f"  {p.status}" + (f": {p.reason}" if p.reason else ""))
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
