"""Who acts in the worked examples."""

import pytest

from income.services.actors import Actors


@pytest.fixture
def actors(officer, reviewer):
    return Actors(prepared_by=officer, approved_by=reviewer)
