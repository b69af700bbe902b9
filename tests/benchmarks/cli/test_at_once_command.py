"""``python -m benchmarks at-once``."""

import sys

import pytest


def test_output_comes_in_order_whoever_is_done_first(done):
    slow = "python -c \"import time; time.sleep(.4); print('first')\""
    quick = "python -c \"import os; print('second', os.environ['OMP_NUM_THREADS'])\""
    output = done("at-once", slow, quick, "--processes", 2)
    assert output.index("first\n(") < output.index("second ")


def test_a_failure_is_the_exit_code(run):
    fails = f'{sys.executable} -c "raise SystemExit(3)"'
    result = run("at-once", fails, "python -c \"print('still run')\"")
    assert result.exit_code == 3
    assert "still run" in result.stdout


@pytest.mark.parametrize("line", ["python -c \"print('a  b')\"", "python -c 'print(\"a  b\")'"])
def test_quotation_marks(done, line):
    assert "a  b" in done("at-once", line)
