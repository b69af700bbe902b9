"""Running a model once per batch for parts that are asked pair by pair."""

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class BatchCache(Generic[Key, Value]):
    """What ``run`` gives for the keys of the present batch, each distinct key run once.

    Never holds more than one batch. Keys that were not prepared are run on demand and not kept, so
    that memory stays bounded where nobody calls ``prepare``.
    """

    def __init__(self, run: Callable[[list[Key]], list[Value]]) -> None:
        self._run = run
        self._kept: dict[Key, Value] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_kept": {}}

    def prepare(self, keys: Iterable[Key]) -> None:
        """Run the keys of the next batch, and forget those of the last one."""
        self._kept = self.get(keys)

    def get(self, keys: Iterable[Key]) -> dict[Key, Value]:
        """The values of these keys."""
        distinct = list(dict.fromkeys(keys))
        missing = [key for key in distinct if key not in self._kept]
        new = dict(zip(missing, self._run(missing), strict=True)) if missing else {}
        return {key: new[key] if key in new else self._kept[key] for key in distinct}
