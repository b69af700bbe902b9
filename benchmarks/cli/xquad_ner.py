from enum import Enum
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from .app import command


class Unit(str, Enum):
    sentence = "sentence"
    paragraph = "paragraph"


@command
def xquad_ner_command(
    folder: Annotated[Path, Argument(help="Folder with XQuAD's files, xquad.LANG.json")],
    output: Annotated[Path, Argument(metavar="OUT_DIR", help="Folder for the corpus and its card")],
    recognizer: Annotated[
        str, Option(help="English NER: a spaCy pipeline or a Hugging Face model, folder or name")
    ],
    langs: Annotated[str, Option(help="Languages, with commas between; by default all 12")] = "",
    unit: Annotated[
        Unit, Option(help="What a Doc is: sentences that are parallel in all languages, or more")
    ] = Unit.sentence,
    labels: Annotated[str, Option(help="Entities to keep, with commas between")] = "PER,ORG,LOC",
    project: Annotated[
        Path | None, Option(help="Check the files against the checksums of this project.yml")
    ] = None,
) -> None:
    """Build XQuAD-NER: XQuAD answers that are, in English, exactly a named entity."""
    from spacy_xproj.cli.options import names
    from spacy_xproj.io.tables import format_table
    from spacy_xproj.tagging import COMMON_LABELS
    from spacy_xproj.tagging.applying import load_tagger
    from spacy_xproj.translation.sentences import split_sentences

    from ..datasets.checksums import check_project
    from ..datasets.language_table import XQUAD
    from ..xquad.build import SOURCE, build_xquad_ner, write_xquad_ner
    from ..xquad.files import xquad_path
    from ..xquad.recogniser import recogniser

    wanted = list(dict.fromkeys([SOURCE, *(names(langs) or XQUAD)]))
    check_project([xquad_path(folder, lang) for lang in wanted], project)
    tagger = load_tagger(recognizer)
    corpus = build_xquad_ner(
        folder,
        recognise=recogniser(tagger),
        recogniser={**tagger.describe(), "label_map": COMMON_LABELS},
        split_sentences=split_sentences,
        langs=wanted,
        unit=unit.value,
        labels=names(labels),
    )
    write_xquad_ner(corpus, output)
    kept = corpus.summary["labels"]
    rows = [
        [lang, *(own["mentions"][label] for label in kept), sum(own["mentions"].values())]
        for lang, own in corpus.summary["languages"].items()
    ]
    print(format_table(["language", *kept, "mentions"], rows))
    print(f"wrote {corpus.summary['units']} units in {len(rows)} languages to {output}")
