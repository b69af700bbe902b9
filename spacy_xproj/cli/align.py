from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from .app import command, printing
from .options import (
    Code,
    SetValues,
    SkipBad,
    SourceLang,
    TargetLang,
    config_file,
    configured,
)

if TYPE_CHECKING:
    from spacy.tokens import Doc

TOKENIZERS = ("blanks", "spacy")


@command("Label")
def align_command(
    source: Annotated[Path, Argument(help="Sentences (columns, .spacy, .jsonl, raw .txt)")],
    target: Annotated[Path, Argument(help="Their translations, line by line")],
    output: Annotated[Path, Argument(help="Where to write word links in Pharaoh format")],
    source_lang: SourceLang = None,
    target_lang: TargetLang = None,
    config: Annotated[
        Path | None,
        Option(callback=config_file, help="Config with a block [components.xproj_aligner]"),
    ] = None,
    set_value: SetValues = None,
    code: Code = None,
    encoder: Annotated[
        str | None, Option(help="Encoder of the aligner: a folder or a name on the hub")
    ] = None,
    min_strength: Annotated[float, Option(help="Leave out weaker links")] = 0.45,
    tokenizer: Annotated[
        str,
        Option(help="Words of raw text: blanks, or spacy; then they are written beside the links"),
    ] = "blanks",
    strengths: Annotated[
        bool, Option("--strengths", help="Write strengths too: 0-0:0.93 where it is not 1")
    ] = False,
    skip_bad: SkipBad = False,
) -> None:
    """Link the words of SOURCE and TARGET, and write one line a sentence pair."""
    from ..alignment.counting import write_words
    from ..alignment.pharaoh import write_pharaoh
    from ..corpus.pairing import pair
    from ..data.access import Views
    from ..data.links import Links
    from ..data.sentence import Sentence
    from ..errors import Errors, XProjError
    from ..io.formats.corpus import check_left_out
    from ..io.formats.files import read_corpus, said_lang
    from ..jobs.pipelines import projection_pipeline
    from ..jobs.run import annotate, fit
    from ..text.languages import ANY

    if tokenizer not in TOKENIZERS:
        raise XProjError(
            Errors.XP150.format(
                kind="tokenizer",
                name=tokenizer,
                fix="--tokenizer spacy",
                known=", ".join(TOKENIZERS),
            )
        )
    config, values = configured(config, set_value, code, default="project")
    source_lang = source_lang or said_lang(source) or ANY
    target_lang = target_lang or said_lang(target) or ANY
    sides = [
        read_corpus(path, lang=lang, ignore_labels=True, skip_bad=skip_bad)
        for path, lang in ((source, source_lang), (target, target_lang))
    ]
    check_left_out(sides)
    sources, targets = (
        [
            _by_blanks(doc) if cut and tokenizer == "blanks" else doc
            for doc, cut in zip(side.docs, side.cut, strict=True)
        ]
        for side in sides
    )
    # One that was left out keeps its line, without links, as lines are how links are found.
    docs = pair(sources, targets, source_lang=source_lang, names=(sides[0].name, sides[1].name))
    nlp = projection_pipeline(target_lang, config_path=config, encoder=encoder, overrides=values)
    nlp.remove_pipe("xproj_projector")
    fit(nlp, docs)
    result = annotate(nlp, docs, progress=not printing["quiet"])
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
    own = ((Views(doc)[source_lang].words, Sentence.from_doc(doc).words) for doc in result.docs)
    write_words(own if tokenizer == "spacy" else None, output)
    print(f"wrote {sum(map(len, links))} links of {len(links)} sentence pairs to {output}")


def _by_blanks(doc: "Doc") -> "Doc":
    """The words between blanks, which is what fast_align and all its readers count."""
    from spacy.tokens import Doc

    return Doc(doc.vocab, words=doc.text.split())
