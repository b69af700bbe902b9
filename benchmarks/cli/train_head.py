from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from spacy_xproj.cli.options import names
from spacy_xproj.cli.output import say

from .app import command


@command
def train_head_command(
    output: Annotated[Path, Argument(help="Folder for the head and its card")],
    encoder: Annotated[str | None, Option(help="A folder or a name on the hub")] = None,
    data: Annotated[Path, Option(help="Folder of NTREX's files")] = Path("assets/downloads/ntrex"),
    langs: Annotated[
        str, Option(help="Languages besides English, with commas between; by default 16")
    ] = "",
    sentences: Annotated[int, Option(min=1, help="Of each language")] = 1000,
    n_layers: Annotated[int, Option(min=1, help="Layers that end two thirds up the encoder")] = 3,
    seed: Annotated[int, Option(help="Of the pairs that are chosen and the first weights")] = 0,
) -> None:
    """Train the head of an encoder on parallel text, for the aligner's setting 'head'."""
    from spacy_xproj.alignment import HFEncoder
    from spacy_xproj.hf.loading import DEFAULT_ENCODER

    from ..training.fit import Fit
    from ..training.heads import LANGS, HeadSettings, train_head, write_card

    name = encoder or DEFAULT_ENCODER
    settings = HeadSettings(
        langs=tuple(names(langs)) or LANGS, sentences=sentences, fit=Fit(seed=seed)
    )
    head = train_head(data, HFEncoder(name=name, n_layers=n_layers), settings, say=say)
    head.save(output)
    options = {
        "encoder": name,
        "data": data,
        "langs": ",".join(settings.langs),
        "sentences": sentences,
        "n-layers": n_layers,
        "seed": seed,
    }
    line = " ".join(f"--{option} {value}" for option, value in options.items())
    write_card(output, head, settings, f"python -m benchmarks train-head {output} {line}")
    print(f"wrote {output}/head.safetensors and its card, README.md")
