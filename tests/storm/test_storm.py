"""The storm's short form: every yes is a request, every letter owed is accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.storm.storm import rage


@pytest.mark.trust("Storm")
@pytest.mark.storm
@pytest.mark.xdist_group("processes")
@pytest.mark.timeout(600)
def test_nothing_is_lost_in_a_short_storm(tmp_path: Path) -> None:
    result = rage(tmp_path / "data", 40)
    assert result.is_clean, result.table()
    assert result.figures["form: told yes"] > 0
    assert result.figures["smtp: told yes"] > 0
    assert result.figures["telegram: told yes"] > 0
