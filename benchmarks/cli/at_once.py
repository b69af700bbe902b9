import os
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import typer
from typer import Argument, Option

from .app import command


@command
def at_once_command(
    lines: Annotated[list[str], Argument(help="Command lines, each in quotation marks")],
    processes: Annotated[
        int | None, Option(min=1, help="How many run at the same time; by default one a core")
    ] = None,
) -> None:
    """Run command lines at the same time, each on its share of the cores; what they print comes in
    their order, when each is done. Ends with the first exit code that is not 0."""
    cores = os.cpu_count() or 1
    workers = min(processes or cores, len(lines))
    threads = str(max(cores // workers, 1))
    env = {**os.environ, "OMP_NUM_THREADS": threads, "PYTHONIOENCODING": "utf-8"}

    def run(line: str) -> tuple[int, str, float]:
        # "python" is this one, as weasel has it.
        first, *rest = shlex.split(line)
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable if first == "python" else first, *rest],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout, time.perf_counter() - start

    code = 0
    with ThreadPoolExecutor(workers) as pool:
        for line, (own, output, seconds) in zip(lines, pool.map(run, lines), strict=True):
            print(f"$ {line}\n{output.rstrip()}\n({seconds:.0f} s)", flush=True)
            code = code or own
    if code:
        raise typer.Exit(code)
