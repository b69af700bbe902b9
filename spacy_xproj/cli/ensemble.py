from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from .app import command, printing
from .options import Code, Json, Lang, SetValues, SkipBad, config_file, configured, write_found


@command("Label")
def ensemble_command(
    inputs: Annotated[
        list[Path],
        Argument(help="The same target sentences, projected from other source languages (.spacy)"),
    ],
    output: Annotated[Path, Argument(help="Where to write; the suffix names the format")],
    target_lang: Lang = None,
    config: Annotated[
        Path | None,
        Option(
            callback=config_file,
            help="Config with [components.xproj_ensemble]; default: joint matching",
        ),
    ] = None,
    set_value: SetValues = None,
    code: Code = None,
    skip_bad: SkipBad = False,
    json: Json = None,
) -> None:
    """Merge what several source languages say about the same sentences."""
    from ..corpus.merging import merge_views
    from ..io.formats.files import check_writable, drop_faulty, needed_lang, read_corpus, write_docs
    from ..jobs.cost import cost_so_far
    from ..jobs.pipelines import ensemble_pipeline
    from ..jobs.run import annotate, fit
    from ..jobs.worker import check_ready
    from .output import check_run, print_cost, print_ensemble, telling_cost, was_dry

    check_writable(output)
    config, values = configured(config, set_value, code, default="ensemble")
    target_lang = needed_lang(inputs[0], target_lang, option="--target-lang")
    nlp = ensemble_pipeline(target_lang, config_path=config, overrides=values)
    sides = [read_corpus(path, lang=target_lang, nlp=nlp, skip_bad=skip_bad) for path in inputs]
    docs = merge_views([side.docs for side in drop_faulty(sides)], [side.name for side in sides])
    check_ready(nlp, learns=True)
    with telling_cost(lambda: cost_so_far(nlp)):
        fit(nlp, docs)
        result = annotate(nlp, docs, progress=not printing["quiet"])
        check_run(result)
    cost = cost_so_far(nlp)
    if was_dry(cost, output, json):
        return
    write_docs(result.docs, output)
    write_found(json, print_ensemble(result))
    print_cost(cost, only_counts=True)
    print(f"wrote {output}")
