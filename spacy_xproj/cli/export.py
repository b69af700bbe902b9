from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from .app import command
from .options import Json, Lang, Layer, SkipBad, write_found


@command("Corpora")
def export_command(
    input_path: Annotated[
        Path, Argument(metavar="INPUT", help="Labelled sentences: a file, or a folder of shards")
    ],
    output: Annotated[Path, Argument(metavar="OUTPUT_DIR", help="A new folder")],
    lang: Lang = None,
    formats: Annotated[
        list[str] | None,
        Option(
            "--format",
            help="A suffix (spacy, iob2, jsonl ...), label-studio, hf; repeat, or with commas",
        ),
    ] = None,
    split: Annotated[
        str | None, Option(help="Shares of train, dev and test, e.g. 0.8,0.1,0.1; by default one")
    ] = None,
    filters: Annotated[
        list[str] | None,
        Option("--filter", help="comp-src, comp-tgt, comp-ins, complete; repeat"),
    ] = None,
    min_confidence: Annotated[
        float | None, Option(help="Least score of an entity; of one without a score, see --on-low")
    ] = None,
    on_low: Annotated[
        str, Option(help="drop its document; leave it missing (no training on it); or outside")
    ] = "drop",
    without_views: Annotated[
        str, Option(help="keep or drop documents that nothing was projected onto")
    ] = "keep",
    dedup: Annotated[
        str | None, Option(help="Drop texts that repeat an earlier one: exact, or near")
    ] = None,
    max_empty_share: Annotated[
        float, Option(help="Keep at most this share of documents without entities")
    ] = 1.0,
    seed: Annotated[int, Option(help="Of the splits and of which empty documents stay")] = 0,
    overwrite: Annotated[bool, Option(help="Replace an earlier export in OUTPUT_DIR")] = False,
    spans_key: Annotated[
        str | None,
        Option(help="Export doc.spans[KEY], whose spans may overlap, in place of doc.ents"),
    ] = None,
    layer: Layer = None,
    skip_bad: SkipBad = False,
    json: Json = None,
) -> None:
    """Write a labelled corpus for people and tools: filtered, split, in the formats they read."""
    from ..corpus.export import check_output, export, parse_formats
    from ..corpus.selection import Criteria
    from ..corpus.splits import parse_shares
    from ..errors import Errors, XProjError
    from ..io.formats.files import needed_lang, read_docs
    from .output import print_export

    criteria = Criteria(
        filters=filters or [],
        min_confidence=min_confidence,
        on_low=on_low,
        without_views=without_views,
        dedup=dedup,
        max_empty_share=max_empty_share,
        seed=seed,
        spans_key=spans_key,
    )
    criteria.check()
    if spans_key is not None and min_confidence is not None:
        raise XProjError(Errors.XP530)
    wanted = parse_formats(formats or ["spacy"])
    shares = parse_shares(split) if split else None
    check_output(output, overwrite=overwrite)
    lang = needed_lang(input_path, lang)
    docs = read_docs(
        input_path,
        lang=lang,
        labelled=True,
        spans_key=spans_key,
        layer=layer,
        skip_bad=skip_bad,
    )
    summary = export(
        docs,
        output,
        lang=lang,
        formats=wanted,
        shares=shares,
        criteria=criteria,
        overwrite=overwrite,
    )
    write_found(json, summary)
    print_export(summary)
    print(f"wrote {output}: {', '.join(summary['files'])}")
