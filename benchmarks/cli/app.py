"""The commands of ``python -m benchmarks``; each is a thin file over a function."""

from spacy_xproj.cli.app import make_app, registers

app = make_app("benchmarks", "What measures spacy-xproj: benchmarks, comparisons, studies.")
command = registers(app)
