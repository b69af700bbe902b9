from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from .app import command


@command
def annotate_command(
    input_path: Annotated[Path, Argument(metavar="INPUT", help="Target text: any format")],
    output: Annotated[Path, Argument(help="Where to write; the suffix names the format")],
    config: Annotated[Path, Option(help="spaCy config of the pipeline to run")],
    set_value: Annotated[
        list[str] | None, Option("--set", help="Override a value: components.x.y=value")
    ] = None,
) -> None:
    """Label target text by translate-test: translate, find entities, align, project."""
    import srsly

    from ..annotate.pipelines import load_pipeline
    from ..annotate.run import annotate
    from ..corpora.formats import check_writable, read_docs, write_docs
    from .output import check_run, print_run

    overrides = {}
    for item in set_value or []:
        name, equals, value = item.partition("=")
        if not equals:
            raise typer.BadParameter(f"{item!r} is not name=value", param_hint="--set")
        try:
            overrides[name] = srsly.json_loads(value)
        except ValueError:
            overrides[name] = value
    check_writable(output)
    nlp = load_pipeline(config, overrides)
    docs = read_docs(input_path, lang=nlp.lang or "xx")
    for doc in docs:
        doc.set_ents([])
    result = annotate(nlp, docs)
    check_run(result)
    write_docs(result.docs, output)
    print_run(result)
    print(f"wrote {output}")
