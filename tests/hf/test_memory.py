"""A batch that does not fit into memory is run in halves."""

import pytest
import torch

from spacy_xproj.hf.memory import in_parts, is_out_of_memory


def fits(most, error):
    """Runs batches of at most so many rows; gives them times ten."""
    sizes = []

    def run(rows):
        sizes.append(len(rows))
        if len(rows) > most:
            raise error
        return [row * 10 for row in rows]

    return run, sizes


ERRORS = [
    MemoryError(),
    RuntimeError("[enforce fail] DefaultCPUAllocator: not enough memory: you tried to allocate"),
    torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
]


@pytest.mark.parametrize("error", ERRORS)
def test_halves(error, caplog):
    run, sizes = fits(2, error)
    assert in_parts(run, range(7), setting="batch_size") == [i * 10 for i in range(7)]
    assert sizes == [7, 3, 1, 2, 4, 2, 2]
    assert [r.getMessage().split(" (")[0] for r in caplog.records] == [
        f"Out of memory with {n} texts at a time" for n in (7, 3, 4)
    ]
    assert all("A smaller batch_size" in r.getMessage() for r in caplog.records)


@pytest.mark.parametrize("error", ERRORS)
def test_one_row_that_does_not_fit_is_the_error(error):
    run, _ = fits(0, error)
    with pytest.raises(type(error)):
        in_parts(run, [1, 2], setting="batch_size")


@pytest.mark.parametrize("error", [RuntimeError("sizes of tensors must match"), KeyError("x")])
def test_other_errors_are_not_tried_again(error):
    assert not is_out_of_memory(error)
    run, sizes = fits(1, error)
    with pytest.raises(type(error)):
        in_parts(run, [1, 2], setting="batch_size")
    assert sizes == [2]
