from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from spacy_xproj.cli.output import say

from .app import command
from .options import Limit


@command
def clinical_command(
    train: Annotated[Path, Argument(help="Labelled documents in columns, one after the other")],
    test: Annotated[Path, Argument(help="Gold of the target language, in columns")],
    output: Annotated[Path, Argument(metavar="OUT_CSV", help="Table of the three ways")],
    source_lang: Annotated[str, Option(help="Language of the labelled documents")],
    target_lang: Annotated[str, Option(help="Language of the gold")],
    encoder: Annotated[str, Option(help="What the taggers start from: a folder or a name")],
    epochs: Annotated[int, Option(help="Over the training sentences")] = 3,
    frozen: Annotated[int, Option(help="Layers of the encoder, from the first, left alone")] = 0,
    rate: Annotated[float, Option(help="Learning rate")] = 1e-4,
    documents: Annotated[int | None, Option(help="Only the first so many of the test")] = None,
    limit: Limit = None,
) -> None:
    """Transfer, translate-train and translate-test from the same gold and encoder, by Apertium."""
    from spacy_xproj.io.formats.columns import read_columns
    from spacy_xproj.translation.apertium import Apertium

    from ..lowres.clinical import Gold, run_clinical, write_clinical
    from ..training.tagger import Tuning

    translator = Apertium()
    for pair in ((source_lang, target_lang), (target_lang, source_lang)):
        translator.mode(*pair)  # says what to install
    counts = run_clinical(
        Gold(list(read_columns(train, lang=source_lang)), source_lang),
        Gold(list(read_columns(test, lang=target_lang))[:documents], target_lang),
        encoder=encoder,
        translator=translator,
        how=Tuning(epochs=epochs, frozen=frozen, learning_rate=rate),
        limit=limit,
        say=say,
    )
    print(write_clinical(counts, output))
    print(f"wrote {output}")
