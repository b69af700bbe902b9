"""The folder that ``spacy xproj annotate`` writes, as a corpus: numbered DocBin shards."""

from pathlib import Path

from ..errors import Errors, XProjError
from .records import read_json

RUN = "run.json"  # what the run is made of; there from the start
SUMMARY = "summary.json"  # counts; there when the run is complete


def shard_name(number: int) -> str:
    """The file name of shard ``number``, from 0."""
    return f"shard-{number:05d}.spacy"


def is_annotated(path: str | Path) -> bool:
    """Whether ``path`` is a folder that ``annotate`` wrote or is writing."""
    return (Path(path) / RUN).is_file()


def shard_paths(path: str | Path) -> list[Path]:
    """The shards of a complete folder, in order. Raises XProjError where it is not complete."""
    path = Path(path)
    if not (path / SUMMARY).is_file():
        raise XProjError(Errors.XP617.format(path=path))
    summary = read_json(path / SUMMARY)
    n_shards = summary.get("shards") if isinstance(summary, dict) else None
    if type(n_shards) is not int or n_shards < 0:
        raise XProjError(Errors.XP634.format(path=path / SUMMARY))
    shards = [path / shard_name(number) for number in range(n_shards)]
    missing = [shard.name for shard in shards if not shard.is_file()]
    if missing:
        raise XProjError(Errors.XP618.format(path=path, names=", ".join(missing[:5])))
    return shards
