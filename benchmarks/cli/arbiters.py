from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from spacy_xproj.cli.options import names
from spacy_xproj.cli.output import say

from .app import command
from .output import write_result

Langs = Annotated[str, Option(help="Languages, with commas between")]
Teacher = Annotated[
    str, Option(help="NER of the sources: a spaCy pipeline or a Hugging Face model, folder or name")
]


@command
def arbiters_command(
    corpus: Annotated[Path, Argument(help="Folder with LANG.spacy, in parallel, with gold")],
    output: Annotated[Path, Argument(metavar="OUT_DIR", help="Folder where views are kept")],
    targets: Langs,
    sources: Langs,
    teacher: Teacher,
    without: Annotated[
        str, Option(help="Sources whose views are not heard, e.g. the language of the gold")
    ] = "",
    split: Annotated[str, Option(help="Read LANG-SPLIT.spacy, as 'corpus' writes them")] = "",
    scored: Annotated[bool, Option("--scored", help="Only units with a gold mention")] = False,
    ignore_labels: Annotated[str, Option(help="Labels of the teacher to leave out")] = "MISC",
    config: Annotated[
        Path | None, Option(help="Config with [components.xproj_aligner] and/or _projector")
    ] = None,
    encoder: Annotated[
        str | None, Option(help="Encoder of the aligner: a folder or a name on the hub")
    ] = None,
    arbiter_url: Annotated[
        str | None, Option(help="Also ask a language model: the base of an OpenAI-compatible API")
    ] = None,
    arbiter_model: Annotated[str, Option(help="Its name there")] = "default",
    arbiter_key_env: Annotated[
        str | None, Option(help="Environment variable that holds its key")
    ] = None,
    max_calls: Annotated[int | None, Option(help="At most so many calls a target")] = None,
    dry_run: Annotated[
        bool, Option("--dry-run", help="Count calls and tokens, and ask nothing")
    ] = False,
    resamples: Annotated[int, Option(help="Resamples of the bootstrap")] = 1000,
    json: Annotated[Path | None, Option(help="Also write all figures to this file")] = None,
) -> None:
    """Compare who decides where views conflict: votes, weights, a model, a language model."""
    from spacy_xproj.ensembling.llm_arbiter import LLMArbiter
    from spacy_xproj.jobs.pipelines import projection_pipeline
    from spacy_xproj.llm.client import ChatClient
    from spacy_xproj.tagging.applying import load_tagger

    from ..arbiters.methods import METHODS
    from ..arbiters.run import run_arbiters
    from ..study.views import Plan

    plan = Plan(
        corpus, output, tuple(names(targets)), tuple(names(sources)), scored=scored, split=split
    )

    def ask() -> LLMArbiter:
        client = ChatClient(
            url=arbiter_url or "",
            model=arbiter_model,
            key_env=arbiter_key_env,
            max_calls=max_calls,
            dry_run=dry_run,
        )
        return LLMArbiter(client=client, vote=METHODS["learnt weights"]())

    result = run_arbiters(
        plan,
        tagger=load_tagger(teacher),
        nlp=projection_pipeline("xx", config_path=config, encoder=encoder),
        ignore_labels=names(ignore_labels),
        without=names(without),
        more={f"language model {arbiter_model}": ask} if arbiter_url else None,
        resamples=resamples,
        say=say,
    )
    write_result(result, json)
    if result.cost:
        print("cost: " + ", ".join(f"{name} {value:g}" for name, value in result.cost.items()))
