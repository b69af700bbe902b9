"""What spaCy and confection say of a config that does not hold, in a line or two: which name in
which section is wrong, and which one is near."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from configparser import Error as ConfigParserError
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from confection import ConfigValidationError
from spacy.language import DEFAULT_CONFIG

from ..errors import Errors, XProjError

# What spaCy raises for a config that does not hold; ImportError is for an unknown language.
CONFIG_ERRORS = (OSError, ValueError, ImportError, ConfigParserError)

# Arguments that spaCy gives a factory, which no config has.
_NOT_SETTINGS = {"nlp", "name"}
_NO_PART = re.compile(r"Could not find function '(.*?)' in function registry '(.*?)'")
_NO_REGISTRY = re.compile(r"Unknown function registry: '(.*?)'")
_NAMES = re.compile(r"Available names: (.*)")


def unusable(
    path: str | Path | None,
    error: Exception | str,
    *,
    config: Mapping[str, Any] | None = None,
    within: str = "components",
) -> XProjError:
    """The error to raise for a config. config: its content, to find the section of a part in.
    within: the section that what was being made stands in."""
    said = error if isinstance(error, str) else _explained(error, config or {}, within)
    return XProjError(Errors.XP910.format(path=path, error=said))


@contextmanager
def making(
    path: str | Path | None, config: Mapping[str, Any], *, within: str = "components"
) -> Iterator[None]:
    """While parts are made from a config: whatever they raise is an XProjError that names it. See
    ``unusable``."""
    try:
        yield
    except XProjError:
        raise
    except CONFIG_ERRORS as err:
        raise unusable(path, err, config=config, within=within) from err
    # A part of the user's own may raise anything when it is made.
    except Exception as err:
        reason = f"a part could not be made ({type(err).__name__}: {err})"
        raise unusable(path, reason) from err


def near(name: str, known: Iterable[str], otherwise: str) -> str:
    """Which known name is near to one that is not known; where none is, what else to do."""
    found = difflib.get_close_matches(name, list(known), n=1)
    return f"Did you mean {found[0]!r}?" if found else otherwise


def _explained(error: Exception, config: Mapping[str, Any], within: str) -> str:
    if isinstance(error, ConfigValidationError):
        return _wrong_value(error, within)
    text = str(error)
    names = _NAMES.search(text)
    known = names[1].split(", ") if names else []
    if found := _NO_PART.search(text):
        name, kind = found.groups()
        by_core = {_core(one): one for one in known}
        close = difflib.get_close_matches(_core(name), by_core, n=1)
        hint = (
            f"Did you mean {by_core[close[0]]!r}?"
            if close
            else f"Known: {', '.join(known)}. One of your own: give its file with --code."
        )
        where = _section(config, f"@{kind}", name)
        return f"{where}there is no part {name!r} among the {kind}. {hint}"
    if found := _NO_REGISTRY.search(text):
        kind = found[1]
        hint = near(kind, [one for one in known if one.startswith("xproj_")], "Remove it.")
        return f"{_section(config, f'@{kind}')}there is no kind of parts {kind!r}. {hint}"
    return text


def _core(name: str) -> str:
    """The name of a part without what most of them share."""
    return name.removeprefix("spacy-xproj.").rpartition(".v")[0] or name


def _wrong_value(error: ConfigValidationError, within: str) -> str:
    """The first of its problems, and how many more there are."""
    problems = list(error.errors or ())
    if not problems or not error.config:  # the file itself cannot be read
        own = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in problems]
        return " ".join(part for part in (error.title, error.desc, *own) if part)
    first = problems[0]
    *path, key = ".".join(map(str, first["loc"])).split(".")
    block = dict(error.config)
    user = next((value for name, value in block.items() if name.startswith("@")), "spaCy")
    outer = "nlp" if not path or path[0] in DEFAULT_CONFIG["nlp"] else within
    section = ".".join([outer, *path])
    if "unexpected argument" in first["msg"]:
        unknown = {str(one["loc"][-1]) for one in problems if "unexpected" in one["msg"]}
        known = [
            name
            for name in block
            if name not in unknown | _NOT_SETTINGS and not name.startswith("@")
        ]
        hint = near(key, known, f"It knows: {', '.join(sorted(known)) or 'no setting'}.")
        said = f"[{section}] has {key!r}, which {user} does not know. {hint}"
    else:
        said = f"[{section}] {key} = {block.get(key)!r:.60} is not what {user} takes: "
        said += first["msg"].removeprefix("at root: ")
    more = len(problems) - 1
    return said if not more else f"{said} ({more} more like this)"


def _section(config: Mapping[str, Any], key: str, value: str | None = None) -> str:
    """``[section] `` of the first block with such a key, and value; nothing where none has it."""
    for path, block in _blocks(config, ""):
        if key in block and value in (None, block[key]):
            return f"[{path}] "
    return ""


def _blocks(config: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for key, value in config.items():
        if isinstance(value, Mapping):
            inner = f"{path}.{key}" if path else key
            yield inner, value
            yield from _blocks(value, inner)
