"""Some of the mutated exports of `make soak`: never a traceback, never a row unaccounted for."""

import pytest

from tests.soak import MUTATIONS, mutated, outcome


@pytest.mark.parametrize("number", range(24))
def test_a_mutated_export_is_imported_whole_or_refused_in_words(tmp_path, number):
    assert outcome(number, tmp_path) in ("imported", "refused")


def test_every_mutation_is_made_and_some_files_survive():
    changes = " ".join(mutated(number)[3] for number in range(200))
    assert all(change.__name__ in changes for change in MUTATIONS)
