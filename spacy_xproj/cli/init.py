import sys
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from .app import command
from .options import names


@command("Begin")
def init_command(
    folder: Annotated[Path, Argument(help="Where annotate.cfg and student.cfg go")],
    target: Annotated[str | None, Option(help="Language code of your text, e.g. sw")] = None,
    source: Annotated[
        str | None, Option(help="Rich languages to translate into, with commas between")
    ] = None,
    translator: Annotated[
        str | None, Option(help="nllb, m2m100, marian, ct2, bitext, or none (sources are given)")
    ] = None,
    bitext: Annotated[
        Path | None, Option(help="Translations that are given: JSON lines keyed by language")
    ] = None,
    teacher: Annotated[
        list[str] | None,
        Option(help="spaCy pipeline, hf:NAME or gold; of one source: de=NAME; repeat"),
    ] = None,
    gpu: Annotated[bool, Option("--gpu/--cpu", help="Settings for a GPU")] = False,
    demo: Annotated[bool, Option("--demo", help="Twenty sentences to try it with")] = False,
) -> None:
    """Write the configs of a new project, by flags or questions, and say what to install."""
    from ..io.files import write_text
    from ..io.records import read_records
    from ..jobs.starting import ANNOTATE, STUDENT, Plan, demo_plan, start_project

    text = "TEXT"
    if demo:
        plan = demo_plan()
    else:
        target = _asked(target, "Language code of your text", None)
        sources = names(_asked(source, "Languages to translate into, with commas between", "en"))
        chosen = translator or ("bitext" if bitext else None)
        plan = Plan(
            target,
            sources,
            _asked(chosen, "Translator (nllb, m2m100, marian, ct2, bitext, none)", "nllb"),
            _teachers(teacher or [], sources, chosen),
            bitext=None if bitext is None else bitext.as_posix(),
            gpu=gpu,
        )
    install = start_project(folder, plan)
    if demo:
        rows = read_records(str(plan.bitext))
        lines = [row[plan.target] for _, row in rows]
        write_text(folder / "text.txt", "\n".join(lines) + "\n")
        text = (folder / "text.txt").as_posix()
    out, config = folder.as_posix(), (folder / ANNOTATE).as_posix()
    print(f"wrote {config} and {(folder / STUDENT).as_posix()}")
    print("\nInstall what they need:")
    print("\n".join(f"  {line}" for line in install))
    print("\nThen:")
    student = f"spacy train {out}/{STUDENT} --output {out}/student" + (" --gpu-id 0" if gpu else "")
    for line in (
        f"spacy xproj check {config} {text}",
        f"spacy xproj annotate {text} {out}/labelled --config {config}",
        f"spacy xproj view {out}/labelled {out}/view.html --sort score",
        f"spacy xproj review {out}/labelled   # if you like; its end says how to go on",
        f"spacy xproj export {out}/labelled {out}/corpus --split 0.8,0.2",
        student,
    ):
        print(f"  {line}")


def _asked(given: str | None, question: str, default: str | None) -> str:
    """What was given, else the answer of whoever sits at the terminal, else the default."""
    if given is not None:
        return given
    if sys.stdin.isatty():
        return str(typer.prompt(question, default=default))
    if default is None:
        raise typer.BadParameter("it is needed where nobody can be asked", param_hint="--target")
    return default


def _teachers(given: list[str], sources: list[str], translator: str | None) -> dict[str, str]:
    """By source language, of values such as ``NAME`` (for all of them) and ``de=NAME``."""
    from ..jobs.starting import usual_teacher

    found = {lang: "gold" if translator == "none" else usual_teacher(lang) for lang in sources}
    for item in given:
        lang, equals, name = item.partition("=")
        if equals and lang not in sources:
            known = ", ".join(sources)
            raise typer.BadParameter(f"{lang!r} is not a source ({known})", param_hint="--teacher")
        found |= {lang: name} if equals else dict.fromkeys(sources, item)
    return found
