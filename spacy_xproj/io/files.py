"""Writing files so that a path either holds the complete output or was not touched."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def write_aside(path: str | Path) -> Iterator[Path]:
    """Yield a path beside ``path`` to write to; on success it is renamed to ``path``.

    The yielded path does not exist yet and keeps the suffix, so that a file or a directory may be
    made there. When the block raises, what was written is removed and ``path`` stays as it was.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    holder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    aside = holder / path.name
    try:
        yield aside
        if aside.is_dir() and path.is_dir():
            shutil.rmtree(path)
        os.replace(aside, path)
    finally:
        shutil.rmtree(holder, ignore_errors=True)


def write_text(path: str | Path, text: str) -> None:
    """Write ``text`` to ``path`` in UTF-8 with ``\\n`` line ends, complete or not at all."""
    with write_aside(path) as aside:
        aside.write_text(text, encoding="utf-8", newline="\n")


def user_cache() -> Path:
    """The folder for what can be made again: ``spacy-xproj`` in the user's cache folder
    (``$XDG_CACHE_HOME``, else ``~/.cache``). It need not exist yet."""
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "spacy-xproj"
