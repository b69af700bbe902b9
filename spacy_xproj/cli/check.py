from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from .app import command
from .options import Code, Json, SetValues, config_file, configured, write_found


@command("Begin")
def check_command(
    config: Annotated[
        Path | None,
        Argument(callback=config_file, help="A config for annotate; without: this machine"),
    ] = None,
    source: Annotated[
        Path | None, Argument(metavar="[INPUT]", help="Text to label: some of it is tried")
    ] = None,
    set_value: SetValues = None,
    code: Code = None,
    sample: Annotated[int, Option(min=2, help="Sentences of INPUT to try")] = 8,
    json: Json = None,
) -> None:
    """Whether a config would run: keys, order, models, languages; time and memory of INPUT.

    Exit codes: 0 nothing is wrong, 1 something is.
    """
    from ..jobs.preflight import WRONG, check
    from .info import print_machine

    if config is None:
        print_machine(json)
        return
    config, values = configured(config, set_value, code, default="project")
    assert config is not None
    found = check(config, values, source, sample=sample)
    write_found(json, [one._asdict() for one in found])
    for one in found:
        print(f"{one.level:<5}  {one.about}: {one.text}")
    wrong = sum(one.level == WRONG for one in found)
    print(f"{wrong} wrong" if wrong else f"nothing wrong; run it: {_next(config, source)}")
    if wrong:
        raise typer.Exit(1)


def _next(config: Path, source: Path | None) -> str:
    return f"spacy xproj annotate {source or 'TEXT'} OUT --config {config}"
