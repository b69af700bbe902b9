"""Pages that are made from the code when the site is built: parts, statuses, errors, commands.

Each page of ``docs`` with a line ``<!-- generated: NAME -->`` gets the text of that name there.
"""

import inspect
import re
import textwrap

MARK = re.compile(r"(?m)^<!-- generated: (\w+) -->$")


def on_page_markdown(markdown: str, **_: object) -> str:
    """What mkdocs calls with each page."""
    markdown = markdown.replace("[`project.yml`](project.yml)", "`project.yml`")  # weasel's link
    return MARK.sub(lambda found: GENERATED[found[1]](), markdown)


def parts() -> str:
    """Each registered part: its docstring, and its settings with their defaults."""
    from spacy_xproj.registry import NAMES, registered

    lines = []
    for registry in NAMES:
        entries = {
            name: part
            for name, part in sorted(registered(registry).items())
            if part.__module__.startswith("spacy_xproj.")
        }
        if not entries:
            continue
        lines.append(f"## {registry.removeprefix('xproj_')}\n")
        for name, part in entries.items():
            lines.append(f"### {name}\n")
            doc = inspect.getdoc(part) or ""
            lines.append(textwrap.dedent(doc).replace("``", "`") + "\n")
            settings = _settings(part)
            if settings:
                lines.append("```ini\n" + "\n".join(settings) + "\n```\n")
    return "\n".join(lines)


def _settings(part: object) -> list[str]:
    try:
        signature = inspect.signature(part)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return []
    return [
        f"{name} = {'(required)' if one.default is one.empty else repr(one.default)}"
        for name, one in signature.parameters.items()
        if name != "self" and one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL)
    ]


def errors() -> str:
    """All messages by number."""
    from spacy_xproj.errors import Errors

    names = sorted(name for name in vars(Errors) if re.fullmatch(r"XP\d{3}", name))
    texts = [(name, getattr(Errors, name).removeprefix(f"[{name}] ")) for name in names]
    return "\n".join(
        f"## {name}\n\n```text\n{textwrap.fill(text, 90)}\n```\n" for name, text in texts
    )


def statuses() -> str:
    """The statuses of entities and of source sentences, with the comments beside them."""
    from spacy_xproj.data import status

    lines = []
    for title, kind in (
        ("Of a source entity", status.Status),
        ("Of a source sentence", status.ViewStatus),
    ):
        lines += [f"## {title}\n", "| status | means |", "|---|---|"]
        for one in kind:
            own = inspect.getsource(kind)
            found = re.search(rf'{one.name} = "{one.value}"(?:  # (.*))?', own)
            lines.append(f"| `{one.value}` | {(found and found[1]) or '-'} |")
        lines.append("")
    return "\n".join(lines)


def commands() -> str:
    """The help of each command that is listed."""
    import typer.main

    from spacy_xproj.cli import app

    group = typer.main.get_command(app)
    lines = []
    for name, command in sorted(group.commands.items()):  # type: ignore[attr-defined]
        if command.hidden:
            continue
        lines.append(f"### {name}\n\n{inspect.cleandoc(command.help or '')}\n")
        lines += ["| option | |", "|---|---|"]
        for option in command.params:
            shown = ", ".join(f"`{one}`" for one in option.opts)
            help = (getattr(option, "help", "") or "").replace("|", "\\|")
            if option.param_type_name != "option":
                shown = f"`{(option.name or '').upper()}`"
            lines.append(f"| {shown} | {help} |")
        lines.append("")
    return "\n".join(lines)


GENERATED = {"parts": parts, "errors": errors, "statuses": statuses, "commands": commands}
