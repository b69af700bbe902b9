"""The command group ``spacy xproj``; each command is a thin file over a function."""

import functools
import sys
from collections.abc import Callable
from typing import Any

import typer

Function = Callable[..., Any]


def make_app(name: str, help: str) -> typer.Typer:
    """A group of commands, as both houses have one."""
    return typer.Typer(
        name=name,
        help=help,
        no_args_is_help=True,
        add_completion=False,
        # Help names blocks such as [components.xproj_aligner], which rich would take for markup.
        rich_markup_mode=None,
    )


def registers(app: typer.Typer) -> Callable[[Function], Function]:
    """A decorator that adds ``name_command`` to the group as ``name``. Errors of the user's input
    end it with their message and exit code 1."""

    def command(function: Function) -> Function:
        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            from ..errors import XProjError

            try:
                return function(*args, **kwargs)
            # A file that cannot be written is the user's to mend, too, and its message says which.
            except (XProjError, OSError) as error:
                print(f"Error: {error}", file=sys.stderr)
                raise typer.Exit(1) from error

        return app.command(function.__name__.removesuffix("_command").replace("_", "-"))(run)

    return command


app = make_app(
    "xproj",
    "Named entity recognition for languages without labelled data, by annotation projection.",
)
command = registers(app)
