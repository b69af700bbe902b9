from pathlib import Path
from typing import Annotated

from typer import Argument

from .app import command


@command("Models and machine", hidden=True)
def export_encoder_command(
    output: Annotated[Path, Argument(help="Folder to write the model to")],
) -> None:
    """Write the encoder of the extra [offline] in Hugging Face format, e.g. for a
    spacy-transformers student."""
    from ..hf.bundled import export_bundled

    export_bundled(output)
    print(f"wrote {output}")
