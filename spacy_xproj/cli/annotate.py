import signal
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from .app import command, printing
from .options import Code, Json, SetValues, config_file, overrides, write_found


@command("Label")
def annotate_command(
    source: Annotated[
        Path, Argument(metavar="INPUT", help="Target text: a file or folder, any format")
    ],
    out_dir: Annotated[Path, Argument(help="Folder for shards, statuses.jsonl, summary.json")],
    config: Annotated[
        Path, Option(callback=config_file, help="spaCy config of the pipeline to run")
    ],
    set_value: SetValues = None,
    code: Code = None,
    workers: Annotated[int, Option(help="Processes, or Ray actors; each loads the models")] = 1,
    shard_size: Annotated[int, Option(help="Sentences in each shard")] = 2000,
    limit: Annotated[int | None, Option(help="Read only the first so many sentences")] = None,
    consensus: Annotated[
        bool,
        Option(
            help="Give the same words the label that most of their projections have, at the end; "
            "not where an ensemble decides"
        ),
    ] = True,
    fail_fast: Annotated[bool, Option("--fail-fast", help="Stop at the first failure")] = False,
    overwrite: Annotated[
        bool, Option("--overwrite", help="Delete the output of a run with other settings")
    ] = False,
    engine: Annotated[str, Option(help="local, or ray (extra [ray])")] = "local",
    ray_address: Annotated[
        str | None, Option(help="Address of a Ray cluster; by default one on this machine")
    ] = None,
    json: Json = None,
    ray_gpus: Annotated[float, Option(help="GPUs of each Ray actor")] = 0.0,
) -> None:
    """Label target text: translate, find entities, align, project. Run it again to resume.

    Exit codes: 0 done; 1 refused or stopped, with the reason, or nothing could be labelled; 2 a
    wrong command line; 130 Ctrl-C, 143 SIGTERM.
    """
    from ..jobs.job import Interrupted, RunOptions, annotate_corpus
    from ..jobs.outdir import read_cost
    from .output import check_summary, only_planned, print_cost, print_replaced, print_summary

    options = RunOptions(
        shard_size=shard_size,
        limit=limit,
        consensus=consensus,
        workers=workers,
        engine=engine,
        ray_address=ray_address,
        ray_gpus=ray_gpus,
        fail_fast=fail_fast,
        overwrite=overwrite,
        code=None if code is None else str(code),
        progress=not printing["quiet"],
        fork=True,
    )
    try:
        summary = annotate_corpus(
            source,
            out_dir,
            config=config,
            overrides=overrides(set_value or []),
            options=options,
            on_stop=lambda cost: print_cost(cost, only_counts=True),
        )
    except Interrupted as stop:
        where = (
            f"{stop.done} of {stop.total} shards are complete in {out_dir}"
            if stop.total
            else ("No shard was begun")
        )
        # All is done; another one would only disturb how Python ends.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        typer.echo(f"Stopped. {where}. To go on, run the same command again.", err=True)
        raise typer.Exit(128 + stop.number) from stop
    write_found(json, summary)
    print_summary(summary, out_dir)
    replaced = summary["replaced_entities"], summary["replaced_documents"]
    print_replaced(*replaced, source=source, output=out_dir)
    if only_planned(read_cost(out_dir)):
        print(f"a dry run: what is in {out_dir} lacks what was not asked; go on in another folder")
    else:
        check_summary(summary)
