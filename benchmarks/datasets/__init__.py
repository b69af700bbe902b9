"""Public benchmarks, as corpora that configs and commands name."""
