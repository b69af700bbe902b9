"""How translations and scores are kept in a ``Store``."""

from __future__ import annotations

import json
from typing import Any

from ..data.char_links import char_links
from ..data.status import ViewStatus
from ..io.records import to_json
from ..io.store import Table, as_bytes
from .base import Translation


def _from_translation(value: Translation) -> tuple[Any, ...]:
    links = None if value.links is None else to_json(value.links)
    return as_bytes(value.text), value.status.value, as_bytes(value.reason), value.row, links


def _to_translation(
    text: bytes, status: str, reason: bytes, row: int | None, links: str | None
) -> Translation:
    decoded = (part.decode("utf-8", "surrogatepass") for part in (text, reason))
    given = None if links is None else char_links(json.loads(links))
    return Translation(next(decoded), ViewStatus(status), next(decoded), row, given)


def _from_score(value: float) -> tuple[Any, ...]:
    return (value,)


TRANSLATIONS: Table[Translation] = Table(
    "translations",
    {
        "text": "BLOB NOT NULL",
        "status": "TEXT NOT NULL",
        "reason": "BLOB NOT NULL",
        "row": "INTEGER",
        "links": "TEXT",
    },
    _from_translation,
    _to_translation,
)
SCORES: Table[float] = Table("scores", {"score": "REAL NOT NULL"}, _from_score, float)
