"""How documents and views show themselves in a notebook. Drawing is not the business of data: the
package says at its import who does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_renderers: dict[str, Callable[[Any], str]] = {}


def set_renderer(kind: str, renderer: Callable[[Any], str]) -> None:
    """renderer: gives the HTML of a ``doc`` with all its views, or of a ``view`` on its own."""
    _renderers[kind] = renderer


def to_html(kind: str, thing: Any) -> str | None:
    """The HTML of a thing; None, which notebooks take for "there is none", without a renderer."""
    renderer = _renderers.get(kind)
    return None if renderer is None else renderer(thing)
