"""What a reviewer sees, sentence by sentence, and what becomes of an answer."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock
from spacy.tokens import Doc

from ..corpus.filtering import entity_scores
from .browse import sentence
from .decisions import Decision, add_decision, decision, read_decisions
from .ordering import ordered


class Conflict(Exception):
    """Somebody else has decided about this sentence meanwhile; ``current`` is what."""

    def __init__(self, current: Decision) -> None:
        super().__init__(f"decided by {current.reviewer or 'somebody else'} meanwhile")
        self.current = current


class Queue:
    """Documents in the order of their review, and the file of decisions about them; for several
    threads, and for several processes with the same file."""

    def __init__(
        self, docs: Sequence[Doc], path: Path, *, sort: str | None, limit: int | None = None
    ) -> None:
        self.docs = docs
        self.path = path
        self.rows = ordered(docs, sort)[:limit]
        self.labels = sorted({ent.label_ for doc in docs for ent in doc.ents})
        self._decided = read_decisions(path)
        self._state = self._look()
        self._mutex = threading.Lock()
        self._lock = FileLock(f"{path}.lock")

    def _look(self) -> tuple[int, int] | None:
        try:
            state = self.path.stat()
        except FileNotFoundError:
            return None
        return state.st_size, state.st_mtime_ns

    def _refresh(self) -> None:
        """Read what another process has written."""
        state = self._look()
        if state != self._state:
            self._decided = read_decisions(self.path)
            self._state = state

    def __len__(self) -> int:
        return len(self.rows)

    def summary(self) -> dict[str, Any]:
        """How many sentences there are, the places of those decided on, and the labels in use."""
        with self._mutex:
            self._refresh()
            done = [place for place, row in enumerate(self.rows) if row in self._decided]
            used = {label for one in self._decided.values() for *_, label in one.entities}
        return {"n": len(self), "done": done, "labels": sorted({*self.labels, *used})}

    def item(self, place: int) -> dict[str, Any]:
        """A sentence: its drawing, words, entities as they are proposed, and the decision."""
        row = self.rows[place]
        doc = self.docs[row]
        with self._mutex:
            self._refresh()
            decided = self._decided.get(row)
        scores = entity_scores(doc)
        return {
            "place": place,
            "row": row,
            "text": doc.text,
            "lang": doc.lang_,
            "words": [[token.idx, token.idx + len(token)] for token in doc],
            "spans": [
                {"start": e.start_char, "end": e.end_char, "label": e.label_, "score": score}
                for e, score in zip(doc.ents, scores, strict=True)
            ],
            "html": sentence(doc, title=f"Sentence {row + 1}", id="now").html,
            "decision": None if decided is None else decided.to_json(),
            "seen": 0 if decided is None else decided.number,
        }

    def decide(self, record: Any) -> int:
        """Keep an answer; give the number of the decision. ``seen`` in the record: the number of
        the decision that the reviewer knew of. Raises ValueError for what is not an answer about a
        sentence of the queue, Conflict where there is a newer decision."""
        one = decision(record)
        if one.row not in self.rows or self.docs[one.row].text != one.text:
            raise ValueError("it is not about a sentence of this queue")
        seen = record.get("seen", 0)
        with self._mutex, self._lock:
            self._refresh()
            current = self._decided.get(one.row)
            if current is not None and current.number != seen:
                raise Conflict(current)
            add_decision(self.path, one)
            self._refresh()
            return self._decided[one.row].number
