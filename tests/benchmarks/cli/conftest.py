import pytest


@pytest.fixture
def commands():
    """The group of commands that are run: those of ``python -m benchmarks``."""
    from benchmarks.cli import app

    return app
