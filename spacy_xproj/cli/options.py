"""Options that several commands have, and reading the values of options."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Option

SkipBad = Annotated[
    bool,
    Option("--skip-bad", help="Leave out, count and list sentences that cannot be read"),
]
Layer = Annotated[
    str | None,
    Option(
        help="Of a file with several layers of labels the one to read: LAYER.FEATURE of WebAnno, "
        "the number of a column"
    ),
]
Lang = Annotated[
    str | None,
    Option(help="Language code of the sentences; by default what a .spacy file says"),
]
SourceLang = Annotated[
    str | None, Option(help="Language code of SOURCE; by default what a .spacy file says")
]
TargetLang = Annotated[
    str | None, Option(help="Language code of TARGET; by default what a .spacy file says")
]
Json = Annotated[
    Path | None, Option("--json", help="Also write what is printed, as JSON, to this file")
]
SetValues = Annotated[
    list[str] | None, Option("--set", help="Override a value: components.x.y=value; repeat")
]
Code = Annotated[Path | None, Option(help="Python file to import first, e.g. with own components")]


def names(text: str) -> list[str]:
    """Names with commas between, each once, in order."""
    return list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def config_file(path: Path | None) -> Path | None:
    """The callback of each ``--config``: a file, or the name of a config of the package."""
    from ..jobs.shipped import find_config

    return None if path is None else find_config(path)


def overrides(items: list[str]) -> dict[str, Any]:
    """``name=value`` as names and values; a value is JSON where it can be.

    As ``spacy.cli._util.parse_config_overrides``, which takes "--" out of values, too, and makes
    "-" in names, such as "translators.zh-Hant", into "_".
    """
    import srsly

    found: dict[str, Any] = {}
    for item in items:
        name, equals, value = item.partition("=")
        if not equals:
            raise typer.BadParameter(f"{item!r} is not name=value", param_hint="--set")
        try:
            found[name] = srsly.json_loads(value)
        except ValueError:
            found[name] = value
    return found


def write_found(path: Path | None, value: Any) -> None:
    """Write what a command found to the file of ``--json``, where one is named."""
    from ..io.records import write_json

    if path is not None:
        write_json(path, value)


def configured(
    config: Path | None, set_value: list[str] | None, code: Path | None, *, default: str
) -> tuple[Path | None, dict[str, Any]]:
    """The config and the values that override its own, after the user's code is imported. default:
    the package's config that holds the defaults, for values without a config of their own."""
    from ..jobs.worker import load_code

    load_code(None if code is None else str(code))
    values = overrides(set_value or [])
    if values and config is None:
        config = config_file(Path(default))
    return config, values
