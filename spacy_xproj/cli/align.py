from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from .app import command


@command("Label")
def align_command(
    source: Annotated[Path, Argument(help="Sentences (columns, .spacy, .jsonl, raw .txt)")],
    target: Annotated[Path, Argument(help="Their translations, line by line")],
    output: Annotated[Path, Argument(help="Where to write word links in Pharaoh format")],
    source_lang: Annotated[str, Option(help="Language code of SOURCE")] = "xx",
    target_lang: Annotated[str, Option(help="Language code of TARGET")] = "xx",
    config: Annotated[
        Path | None, Option(help="Config with a block [components.xproj_aligner]")
    ] = None,
    encoder: Annotated[
        str | None, Option(help="Encoder of the aligner: a folder or a name on the hub")
    ] = None,
    min_strength: Annotated[float, Option(help="Leave out weaker links")] = 0.45,
    strengths: Annotated[
        bool, Option("--strengths", help="Write strengths too: 0-0:0.93 where it is not 1")
    ] = False,
) -> None:
    """Link the words of SOURCE and TARGET, and write one line a sentence pair."""
    from ..alignment.pharaoh import write_pharaoh
    from ..corpus.pairing import pair
    from ..data.views import Links, Views
    from ..errors import Errors, XProjError
    from ..io.formats.files import read_docs
    from ..jobs.pipelines import projection_pipeline
    from ..jobs.run import annotate, fit

    sources = read_docs(source, lang=source_lang)
    targets = read_docs(target, lang=target_lang)
    docs = pair(sources, targets, source_lang=source_lang, names=(str(source), str(target)))
    nlp = projection_pipeline(target_lang, config_path=config, encoder=encoder)
    nlp.remove_pipe("xproj_projector")
    fit(nlp, docs)
    result = annotate(nlp, docs)
    if result.failures:
        # A line without links would read as "nothing corresponds", which nobody found out.
        first = result.failures[0]
        raise XProjError(
            Errors.XP913.format(n=len(result.failures), row=first.place + 1, reason=first.reason)
        )
    links = [
        Links(
            (k, l, a if strengths else 1.0)
            for k, l, a in Views(doc)[source_lang].links or ()
            if a >= min_strength
        )
        for doc in result.docs
    ]
    write_pharaoh(links, output)
    print(f"wrote {sum(map(len, links))} links of {len(links)} sentence pairs to {output}")
