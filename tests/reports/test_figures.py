"""The figures of the firm of forty, against sums done by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from app.extensions import db
from app.models import Channel, Company, PromiseKind, Ticket
from app.reports import court as courts
from app.reports import glance, lists, load, overview, period, promises, ratings, spread, tables
from app.reports.lists import Figure, Wanted
from app.reports.promises import Figures
from app.reports.scope import EVERYTHING, SOLUTION_WORK, Dimension, Scope, done
from tests.cast import alice, bob
from tests.reports import firm

OCTOBER = period.own(date(2026, 10, 1), date(2026, 10, 31), firm.MOSCOW)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(app: Flask) -> Flask:
    firm.found()
    return app


def company(name: str) -> int:
    return db.session.query(Company).filter(Company.name.contains(name)).one().id


def spread_of(count: int, median: int, nine: int) -> spread.Spread:
    return spread.Spread(count, median * MINUTE, nine * MINUTE)


def test_the_figures_are_those_done_by_hand(desk: Flask):
    """All in one test: the firm is founded once for each database."""
    the_numbers()
    the_load()
    whose_the_time_was()
    the_companies()
    the_engineers()
    channels_and_contracts()
    the_filters()
    every_list_is_as_long_as_its_figure()
    the_api_reads_the_same_ledger()


def the_numbers() -> None:
    told = overview.overview(OCTOBER, EVERYTHING)
    # 1-8 kept, 9 and 10 late; 11-20 kept; 21-28 kept, 29 and 30 late; 31-36 kept twice; 37 and 38 never solved.
    assert told.solutions == Figures(kept=8 + 10 + 8 + 12, broken=2 + 2 + 2)
    assert told.answers == Figures(kept=37, broken=2)
    assert told.urgent == Figures(kept=8, broken=2)
    # 1-10: 5..14; 11-20: 20..29; 21-30: 1..10; 31-36: 30; 39: 10. The 19th of 37 is 12, the 34th is 30.
    assert told.first_answer == spread_of(37, 12, 30)
    # 1-10: 1 h..10 h; 11-20: 2 h; 21-30: 30..100, 121, 150; 31-36: 1 h and 1 h; 40: 510. The 19th is 120, the 34th 480.
    assert told.solution == spread_of(37, 120, 480)
    assert told.ratings == ratings.Ratings((1, 1, 1, 3, 4), solved=37)
    assert told.ratings.mean == pytest.approx(3.8)
    assert (told.came, told.solved, told.reopened) == (39, 37, 6)
    assert glance.glance(OCTOBER, EVERYTHING, [OCTOBER.end], 5).overview == told
    september = overview.overview(OCTOBER.part(date(2026, 9, 1), date(2026, 9, 30)), EVERYTHING)
    assert (september.came, september.solved, september.solutions) == (1, 0, Figures(broken=1))
    november = overview.overview(OCTOBER.part(date(2026, 11, 1), date(2026, 11, 30)), EVERYTHING)
    assert november.solutions == Figures(pending=1)
    assert overview.is_measured()


def the_load() -> None:
    told = load.load(OCTOBER, EVERYTHING)
    assert told.hours == {9: 6, 10: 12, 12: 10, 16: 1, 23: 10}
    assert told.days[date(2026, 10, 1)] == 2
    assert told.days[date(2026, 10, 15)] == 2
    assert told.days[date(2026, 10, 30)] == 2
    assert told.total == 39
    # 9 and 10 were due on the day they came, 29 and 30 after midnight, 37 and 38 the same evening.
    assert told.broken == {date(2026, 10, day): 1 for day in (13, 14, 28, 29, 30)} | {date(2026, 10, 29): 2}
    assert told.week[3, 23] == 2  # Thursdays, 15 and 22 October


def whose_the_time_was() -> None:
    told = courts.court(OCTOBER, EVERYTHING)
    assert told.count == 37
    # Taken after 5..14, 20..29, 1..10, six times 30, and 15 minutes.
    assert told.queue == (95 + 245 + 55 + 180 + 15) * MINUTE
    assert told.customer == 10 * 120 * MINUTE
    assert told.third_party == 120 * MINUTE
    assert told.queue + told.engineer + told.third_party == (3300 + 1200 + 791 + 6 * 120 + 510) * MINUTE


def the_companies() -> None:
    lines = {line.name: line for line in tables.lines(Dimension.COMPANY, OCTOBER, EVERYTHING)}
    neva, ladoga, one, nobody = lines["ООО «Нева-Трейд»"], lines["Ладога"], lines["Одна"], lines[""]
    assert (neva.came, neva.solved, neva.kept) == (20, 21, Figures(kept=16, broken=4))
    assert neva.solution == spread_of(21, 121, 510)
    assert (ladoga.came, ladoga.solved, ladoga.kept, ladoga.reopened) == (16, 16, Figures(kept=22), 6)
    assert ladoga.solution == spread_of(16, 120, 120)
    assert (ladoga.rated, ladoga.rating) == (10, pytest.approx(3.8))
    assert (one.came, one.solved, one.solution.is_enough) == (1, 0, False)
    assert (nobody.key, nobody.came, nobody.kept) == (None, 2, Figures(broken=2))


def the_engineers() -> None:
    lines = {line.key: line for line in tables.lines(Dimension.ENGINEER, OCTOBER, EVERYTHING)}
    assert (lines[alice().id].solved, lines[alice().id].answer) == (21, spread_of(21, 8, 12))
    assert (lines[bob().id].solved, lines[bob().id].answer) == (16, spread_of(16, 27, 30))
    assert lines[bob().id].reopened == 6
    assert lines[None].came == 2


def channels_and_contracts() -> None:
    channels = {line.key: line.came for line in tables.lines(Dimension.CHANNEL, OCTOBER, EVERYTHING)}
    assert channels == {Channel.EMAIL: 12, Channel.PHONE: 10, Channel.WEB: 10, Channel.TELEGRAM: 6, Channel.API: 1}
    contracts = {line.key: line.came for line in tables.lines(Dimension.CONTRACT, OCTOBER, EVERYTHING)}
    assert contracts == {"118/2024": 20, None: 19}


def the_filters() -> None:
    ladoga = Scope(company=company("Ладога"))
    assert overview.overview(OCTOBER, ladoga).solutions == Figures(kept=22)
    for scope in (ladoga, Scope(engineer=bob().id), Scope(contract=""), Scope(channel=Channel.EMAIL)):
        assert glance.glance(OCTOBER, scope, [OCTOBER.end], 5).overview == overview.overview(OCTOBER, scope)
    assert overview.overview(OCTOBER, Scope(company=0)).solutions == Figures(broken=2)
    assert overview.overview(OCTOBER, Scope(engineer=bob().id, channel=Channel.PHONE)).solved == 10
    assert overview.overview(OCTOBER, Scope(contract="118/2024")).urgent == Figures(kept=8, broken=2)
    assert overview.overview(OCTOBER, Scope(contract="")).came == 19
    parts = [OCTOBER.part(date(2026, 10, first), date(2026, 10, last)).end for first, last in ((1, 14), (15, 31))]
    axis = Ticket.solved_at
    halves = spread.parts_of(SOLUTION_WORK, done(OCTOBER, EVERYTHING), axis, parts)
    assert [spread.of_counts(half).count for half in halves] == [20, 17]  # 10 was solved on the 15th, 40 on the 1st


def every_list_is_as_long_as_its_figure() -> None:
    lengths = {
        Wanted(Figure.CAME): 39,
        Wanted(Figure.CAME, hour=10): 12,
        Wanted(Figure.ANSWERED): 37,
        Wanted(Figure.SOLVED): 37,
        Wanted(Figure.MEASURED): 37,
        Wanted(Figure.REOPENED): 6,
        Wanted(Figure.RATED): 10,
        Wanted(Figure.RATED, ratings=(1, 2)): 2,
        Wanted(Figure.KEPT): 38,
        Wanted(Figure.BROKEN): 6,
        Wanted(Figure.PENDING): 0,
        Wanted(Figure.URGENT_KEPT): 8,
        Wanted(Figure.URGENT_BROKEN): 2,
        Wanted(Figure.ANSWER_KEPT): 37,
        Wanted(Figure.ANSWER_BROKEN): 2,
    }
    for wanted, length in lengths.items():
        page = lists.page(wanted, OCTOBER, EVERYTHING)
        assert (page.total, len(page.rows)) == (length, length), wanted
        assert len(list(lists.every(wanted, OCTOBER, EVERYTHING))) == length


def the_api_reads_the_same_ledger() -> None:
    told = promises.figures(OCTOBER.start, OCTOBER.end)
    assert told[PromiseKind.SOLUTION].as_json() == {"promised": 44, "kept": 38, "broken": 6, "pending": 0}
    one = promises.figures(OCTOBER.start, OCTOBER.end, Scope(company=company("Ладога")))
    assert one[PromiseKind.REACTION].as_json() == {"promised": 16, "kept": 16, "broken": 0, "pending": 0}
