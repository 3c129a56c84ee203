"""What docs/trust.md says is proven, is: each test that it names exists and carries the row's mark."""

from __future__ import annotations

import pytest

from tests.trust import rows

# Nothing may be released while one of these is unproven.
PROMISED = "R1 R2 R3 R4 R5 R6 R7 R8 R11 R18 R19 R20 R21 R22 R25 R26 R27 R28 R29 R30 R36 R38".split()


def test_every_claim_is_backed_by_a_marked_test() -> None:
    marked = rows.marked()
    for row, tests in rows.claimed().items():
        lost = set(tests) - set(marked.get(row, []))
        assert not lost, f"{row}: {sorted(lost)} carry no mark of it; run python -m tests.trust.rows"


@pytest.mark.parametrize("row", PROMISED)
def test_a_promised_row_has_its_test(row: str) -> None:
    assert rows.claimed()[row], f"{row} has no test in docs/trust.md; run python -m tests.trust.rows"


def test_every_row_is_in_the_table_once() -> None:
    listed = [line["row"] for line in rows.LINE.finditer(rows.TABLE.read_text(encoding="utf-8"))]
    assert len(listed) == len(set(listed))
    assert {f"R{number}" for number in range(1, 39)} <= set(listed)
