"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

BenchmarkName = Annotated[
    str, Argument(help="masakhaner2, wikiann, europarl-ner, conll2002, conll2003 or xquad-ner")
]
Langs = Annotated[str, Option(help="Languages, with commas between; by default all that are there")]
BenchmarkFolder = Annotated[
    Path | None, Option(help="Folder of the benchmark's files; by default the project's")
]
Split = Annotated[str, Option(help="train, dev or test")]
IgnoredLabels = Annotated[
    str, Option(help="Labels to leave out everywhere, with commas between: DATE,MISC")
]
Limit = Annotated[int | None, Option(min=1, help="Only the first sentences")]
ChecksumProject = Annotated[
    Path | None, Option(help="Check the files against the checksums of this project.yml")
]
Encoder = Annotated[
    str | None, Option(help="Encoder of the aligners: a folder or a name on the hub")
]
TargetLangs = Annotated[str, Option(help="Target languages, with commas between")]
Data = Annotated[
    Path | None, Option(help="Folder of the benchmark's files, in place of assets/downloads/...")
]
ToJson = Annotated[Path | None, Option(help="Also write everything to this file")]
