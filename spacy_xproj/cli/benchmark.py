from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from .app import command
from .options import names
from .output import say

if TYPE_CHECKING:
    from ..benchmarks import EuroparlResult, SpeedResult, XLWAResult


class Benchmark(str, Enum):
    europarl = "europarl"
    xl_wa = "xl-wa"
    speed = "speed"


FOLDERS = {
    Benchmark.europarl: "europarl-ner",
    Benchmark.xl_wa: "xl-wa",
    Benchmark.speed: "europarl-ner",
}


@command
def benchmark_command(
    which: Annotated[Benchmark, Argument(help="Entity projection, word links, or speed")],
    systems: Annotated[
        str,
        Option(
            help="Systems (europarl), aligners (xl-wa) or solvers (speed), with commas between; "
            "by default all but the slow ones; 'all' for these, too"
        ),
    ] = "",
    encoder: Annotated[
        str | None, Option(help="Encoder of the aligners: a folder or a name on the hub")
    ] = None,
    langs: Annotated[str, Option(help="Target languages, with commas between")] = "",
    data: Annotated[
        Path | None,
        Option(help="Folder of the benchmark's files, in place of assets/downloads/..."),
    ] = None,
    json: Annotated[Path | None, Option(help="Also write everything to this file")] = None,
    limit: Annotated[
        int | None,
        Option(help="Only the first sentences; with speed: how much each part uses"),
    ] = None,
    ner: Annotated[
        str | None, Option(help="europarl: also systems that run this NER model on the target")
    ] = None,
    translator: Annotated[
        str | None, Option(help="europarl: also systems that run this sequence-to-sequence model")
    ] = None,
    news: Annotated[
        Path, Option(help="speed: folder of the embedded corpus, whose texts are translated")
    ] = Path("assets/news"),
    parts: Annotated[
        str,
        Option(help="Parts of the benchmark of speed, with commas between; by default all"),
    ] = "",
) -> None:
    """Compare the built-in systems on a public benchmark, beside published figures."""
    import srsly

    from ..benchmarks import europarl, run_europarl, run_speed, run_xl_wa, xl_wa
    from ..files import write_text
    from ..hf.loading import DEFAULT_ENCODER

    folder = data or Path("assets/downloads") / FOLDERS[which]
    wanted = names(systems) or None
    default_langs = xl_wa.LANGS if which is Benchmark.xl_wa else europarl.LANGS
    settings: dict[str, Any] = {
        "encoder": encoder or DEFAULT_ENCODER,
        "langs": names(langs) or default_langs,
        "limit": limit,
        "say": say,
    }
    result: EuroparlResult | XLWAResult | SpeedResult
    if which is Benchmark.xl_wa:
        result = run_xl_wa(folder, aligners=wanted, **settings)
    elif which is Benchmark.speed:
        settings |= {"parts": names(parts), "solvers": wanted, "news": news}
        result = run_speed(folder, **settings)
    else:
        settings |= {"ner": ner, "translator": translator}
        result = run_europarl(folder, systems=wanted, **settings)
    if json is not None:
        write_text(json, srsly.json_dumps(result.to_json(), indent=2) + "\n")
    print(result.summary())
    print(result.table())
