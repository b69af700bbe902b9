from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from .app import command


@command
def corpus_command(
    source: Annotated[Path, Argument(help="Folder with marked .jsonl files, one a split")],
    output: Annotated[Path, Argument(help="Folder for LANG-SPLIT.spacy and bitext.jsonl")],
    langs: Annotated[str, Option(help="Language codes, with commas between")],
) -> None:
    """Build DocBins and a bitext from a parallel corpus with inline marks."""
    from ..datasets.building import build_corpus

    for path, n_docs, n_entities in build_corpus(source, output, langs=langs.split(",")):
        print(f"wrote {n_docs} sentences with {n_entities} entities to {path}")
