"""How translations and scores are kept in a ``Store``."""

from __future__ import annotations

from typing import Any

from ..data.status import ViewStatus
from ..io.store import Table, as_bytes
from .base import Translation


def _from_translation(value: Translation) -> tuple[Any, ...]:
    return as_bytes(value.text), value.status.value, as_bytes(value.reason), value.row


def _to_translation(text: bytes, status: str, reason: bytes, row: int | None) -> Translation:
    decoded = (part.decode("utf-8", "surrogatepass") for part in (text, reason))
    return Translation(next(decoded), ViewStatus(status), next(decoded), row)


def _from_score(value: float) -> tuple[Any, ...]:
    return (value,)


TRANSLATIONS: Table[Translation] = Table(
    "translations",
    {
        "text": "BLOB NOT NULL",
        "status": "TEXT NOT NULL",
        "reason": "BLOB NOT NULL",
        "row": "INTEGER",
    },
    _from_translation,
    _to_translation,
)
SCORES: Table[float] = Table("scores", {"score": "REAL NOT NULL"}, _from_score, float)
