"""The pages' templates, and how they write colours and numbers."""

import base64
import hashlib
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ..io.tables import Cell, format_value, is_number

DASH = "–"


class Colours(NamedTuple):
    """Text and line colour (ink) on a background (tint), in the light and in the dark theme."""

    ink: str
    tint: str
    dark_ink: str
    dark_tint: str


LABEL_COLOURS = {
    "PER": Colours("#1d4ed8", "#e6edff", "#9dbaff", "#1c2848"),
    "ORG": Colours("#8f4a06", "#fcefdc", "#efb469", "#3a2b15"),
    "LOC": Colours("#17663a", "#e0f4e7", "#82d6a0", "#173324"),
    "MISC": Colours("#7a28c4", "#f2e8fd", "#cda8f7", "#2f2045"),
    "DATE": Colours("#b5173f", "#fde7ec", "#fb9bb0", "#431d28"),
}
OTHER_COLOURS = (
    Colours("#0d6370", "#dcf3f5", "#78d1db", "#14343b"),
    Colours("#596006", "#f1f3d8", "#c7ce70", "#2c3013"),
    Colours("#9c1f6c", "#fce6f3", "#f29fcd", "#3f1b33"),
    Colours("#475569", "#e8ecf2", "#b6c2d2", "#28303c"),
    Colours("#794831", "#f5eae3", "#dcb198", "#39291f"),
)


def colour_class(label: str) -> str:
    """The CSS class of a label: its own for the common labels, else one by a stable hash."""
    if label in LABEL_COLOURS:
        return f"c-{label.lower()}"
    return f"c-{zlib.crc32(label.encode('utf-8')) % len(OTHER_COLOURS)}"


@lru_cache(maxsize=1)
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("spacy_xproj", "review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    colours = {colour_class(label): value for label, value in LABEL_COLOURS.items()}
    colours |= {f"c-{i}": value for i, value in enumerate(OTHER_COLOURS)}
    environment.globals.update(colours=colours, colour_class=colour_class, dash=DASH)
    return environment


def render(template: str, **values: Any) -> str:
    """A page, escaped. template: a file of this folder."""
    page: str = _environment().get_template(template).render(values)
    return page


def script_of(name: str) -> dict[str, str]:
    """The text of a script of this folder, and its digest, by which the content policy of a page
    allows it and no other."""
    script = (Path(__file__).parent / name).read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return {"script": script, "digest": digest}


def number_text(value: Cell) -> str:
    """A cell for the page: None and not-a-number as a dash, a true minus sign."""
    if value is None or value != value:
        return DASH
    text = format_value(value)
    return text.replace("-", "−", 1) if is_number(value) else text
