"""What asking has cost, and how much more it may cost."""

from __future__ import annotations

import threading
from typing import Any

# Bytes of UTF-8 to a token: English has about four, scripts of three bytes a letter about three.
_BYTES = 3


def estimate(*texts: str) -> int:
    """About how many tokens texts have, rather too many than too few; no tokenizer is needed."""
    return sum(-(-len(text.encode("utf-8", "surrogatepass")) // _BYTES) for text in texts)


class Usage:
    """Counts of calls and tokens, and their limits; used from several threads.

    calls: requests that were sent, repeated and redirected ones too. prompt_tokens,
    completion_tokens: as the server says, else estimated; estimated_calls: those of which it does
    not say it, or says what cannot be. cache_hits: answers that were known. failures: questions
    that have no usable answer so far. planned_calls, planned_tokens: what a dry run did not ask.
    seconds: waited.
    """

    FIELDS = (
        *("calls", "prompt_tokens", "completion_tokens", "estimated_calls", "cache_hits"),
        "failures",
        *("planned_calls", "planned_tokens", "seconds"),
    )

    def __init__(self, *, max_calls: int | None = None, max_tokens: int | None = None) -> None:
        self.max_calls = max_calls
        self.max_tokens = max_tokens
        self._counts = dict.fromkeys(self.FIELDS, 0.0)
        self._lock = threading.Lock()

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key != "_lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._lock = threading.Lock()

    def add(self, **counts: float) -> None:
        with self._lock:
            for name, value in counts.items():
                self._counts[name] += value

    @property
    def tokens(self) -> int:
        """Of prompts and answers together."""
        return int(self._counts["prompt_tokens"] + self._counts["completion_tokens"])

    def take_call(self) -> bool:
        """Count one call, unless the budget has none left."""
        with self._lock:
            if self.max_calls is not None and self._counts["calls"] >= self.max_calls:
                return False
            self._counts["calls"] += 1
            return True

    def room(self, costs: list[int]) -> int:
        """How many of the next questions the budget has room for. costs: of each, the most tokens
        that it can take."""
        n = len(costs)
        if self.max_calls is not None:
            n = min(n, max(0, self.max_calls - int(self._counts["calls"])))
        if self.max_tokens is not None:
            total = self.tokens
            for place, cost in enumerate(costs[:n]):
                total += cost
                if total > self.max_tokens:
                    return place
        return n

    def counts(self) -> dict[str, float]:
        """By name, those that are not 0."""
        with self._lock:
            return {
                name: round(value, 3) if name == "seconds" else int(value)
                for name, value in self._counts.items()
                if value
            }
