"""The configs that the package brings: a name stands for the file."""

from importlib.resources import files
from pathlib import Path

CONFIGS = Path(str(files("spacy_xproj") / "configs"))


def shipped_configs() -> dict[str, Path]:
    """The path of each by its name, such as ``ner_cpu``."""
    return {path.stem: path for path in sorted(CONFIGS.glob("*.cfg"))}


def find_config(path: str | Path) -> Path:
    """The file; or, where there is none and it is the name of a config of the package, that."""
    path = Path(path)
    return path if path.exists() else shipped_configs().get(str(path), path)
