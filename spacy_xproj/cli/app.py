"""The command group ``spacy xproj``; each command is a thin file over a function."""

import contextlib
import functools
import importlib
import io
import logging
import os
import pkgutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal, get_args

import typer
from typer.core import TyperGroup

from .paths import check_outputs, to_stdout

Function = Callable[..., Any]
# In the order in which help shows them.
Panel = Literal["Begin", "Label", "Corpora", "Look and review", "Models and machine"]
PANELS = get_args(Panel)


# What the options of the group ask for, for the command that is run.
printing = {"quiet": False, "verbose": False}


class GroupedCommands(TyperGroup):
    """Help that lists the commands by their ``rich_help_panel``, with rich and without; and the
    exit code that shells expect of what a signal stops."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stop:
            _print_error("Stopped.")
            raise typer.Exit(128 + getattr(stop, "number", signal.SIGINT)) from stop

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        commands = [command for command in self.commands.values() if not command.hidden]
        widest = max(len(command.name or "") for command in commands)
        panels = [getattr(command, "rich_help_panel", None) for command in commands]
        for panel in sorted(dict.fromkeys(panels), key=_place):
            own = sorted(
                (command.name or "", command.get_short_help_str(formatter.width - widest - 6))
                for command, its in zip(commands, panels, strict=True)
                if its == panel
            )
            # Padded, so that the columns of all panels stand in line.
            rows = [(name.ljust(widest), help) for name, help in own]
            with formatter.section(panel or "Commands"):
                formatter.write_dl(rows)


def _place(panel: str | None) -> int:
    return PANELS.index(panel) if panel in PANELS else -1


def make_app(name: str, help: str, *, completion: bool = False) -> typer.Typer:
    """A group of commands, as both houses have one. completion: whether the group, as a program of
    its own, offers to complete what is typed in a shell."""
    return typer.Typer(
        name=name,
        cls=GroupedCommands,
        help=help,
        no_args_is_help=True,
        add_completion=completion,
        # Help names blocks such as [components.xproj_aligner], which rich would take for markup.
        rich_markup_mode=None,
    )


def load_commands(package: str, path: Iterable[str]) -> None:
    """Import the modules of a package, which registers their commands."""
    for module in pkgutil.iter_modules(path):
        if module.name != "entry":  # which hooks the group into spaCy's
            importlib.import_module(f"{package}.{module.name}")


def registers(
    app: typer.Typer, panel: str | None = None, *, hidden: bool = False
) -> Callable[[Function], Function]:
    """A decorator that adds ``name_command`` to the group as ``name``. Errors of the user's input
    end it with their message and exit code 1. panel: what it is listed under."""

    def command(function: Function) -> Function:
        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            from ..errors import XProjError
            from ..io.notes import collected
            from ..io.terminal import STDOUT, Harmless

            out: Any = sys.stderr if to_stdout(kwargs) else sys.stdout
            silent = io.StringIO() if printing["quiet"] else Harmless(out)
            try:
                check_outputs(kwargs)
                with contextlib.redirect_stdout(silent), collected() as notes:
                    try:
                        result = function(*args, **kwargs)
                    finally:
                        # Of an error, too, what was left out before can be the cause.
                        for line in notes.lines():
                            print(line)
                        silent.flush()
                return result
            # A file that cannot be written is the user's to mend, too, and its message says which.
            except (XProjError, OSError, MemoryError) as error:
                if isinstance(error, BrokenPipeError) and error.filename == STDOUT:
                    raise  # whoever reads has enough
                if printing["verbose"]:
                    _print_error(traceback.format_exc())
                raise failed(error) from error

        name = function.__name__.removesuffix("_command").replace("_", "-")
        return app.command(name, rich_help_panel=panel, hidden=hidden)(run)

    return command


def failed(error: Exception) -> typer.Exit:
    """The exit of a command that an error ends; its message is printed."""
    if isinstance(error, OSError | MemoryError):
        from ..jobs.faults import explained

        error = explained(error)
    _print_error(f"Error: {error}")
    return typer.Exit(1)


def _print_error(text: str) -> None:
    from ..io.terminal import harmless

    print(harmless(text, lines=True), file=sys.stderr)


app = make_app(
    "xproj",
    "Named entity recognition for languages without labelled data, by annotation projection.",
    completion=True,
)


def _version(asked: bool) -> None:
    if asked:
        from ..about import __version__

        print(f"spacy-xproj {__version__}")
        raise typer.Exit()


def _log_until_end(context: typer.Context, wanted: int) -> None:
    """Print what is logged, to what is standard error for this command."""
    root, handler = logging.getLogger(), logging.StreamHandler()
    handler.setFormatter(logging.Formatter(logging.BASIC_FORMAT))
    handler.setLevel(wanted)
    level = root.level

    def end() -> None:
        root.removeHandler(handler)
        root.setLevel(level)

    root.addHandler(handler)
    root.setLevel(wanted)
    context.call_on_close(end)


@app.callback()
def options(
    context: typer.Context,
    max_unpacked: Annotated[
        str | None,
        typer.Option(help="Most that a packed file may unpack to, e.g. 2G (see docs/formats.md)"),
    ] = None,
    raw_text: Annotated[
        bool,
        typer.Option("--raw-text", help="Any .txt file is raw text, whatever it looks like"),
    ] = False,
    code: Annotated[
        str | None, typer.Option(help="Python file to import first, with formats of your own, say")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print errors only, and no bar")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Print what libraries log, and where an error arose")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="Print the version")
    ] = False,
) -> None:
    printing.update(quiet=quiet, verbose=verbose)
    if quiet and verbose:
        raise typer.BadParameter("it is the opposite of --verbose", param_hint="--quiet")
    if quiet or verbose:
        _log_until_end(context, logging.INFO if verbose else logging.ERROR)
    if max_unpacked is None and code is None and not raw_text:
        return
    from ..errors import XProjError
    from ..io.formats.not_text import RAW_TEXT
    from ..io.limits import VARIABLE, parse_size
    from ..jobs.worker import load_code

    try:
        if max_unpacked is not None:
            # Workers of a run inherit it.
            os.environ[VARIABLE] = str(parse_size(max_unpacked))
        if raw_text:
            os.environ[RAW_TEXT] = "1"
        load_code(code)
    except (XProjError, OSError) as error:
        raise failed(error) from error


def command(panel: Panel, *, hidden: bool = False) -> Any:
    """The decorator of a command, which help lists under ``panel``, unless it is hidden."""
    return registers(app, panel, hidden=hidden)
