"""What reports call their periods, comparisons, channels, tables and figures."""

from __future__ import annotations

from app.models.words import Channel
from app.reports.lists import Figure
from app.reports.period import Compared, Named
from app.reports.scope import Dimension

PERIODS = {
    Named.WEEK: "эта неделя",
    Named.MONTH: "этот месяц",
    Named.QUARTER: "этот квартал",
    Named.YEAR: "этот год",
    Named.LAST_WEEK: "прошлая неделя",
    Named.LAST_MONTH: "прошлый месяц",
    Named.LAST_QUARTER: "прошлый квартал",
    Named.OWN: "свои даты",
}
COMPARED = {
    Compared.PREVIOUS: "с прошлым периодом",
    Compared.YEAR_AGO: "с тем же временем год назад",
    Compared.NOTHING: "ни с чем",
}
CHANNELS = {
    Channel.WEB: "сайт",
    Channel.EMAIL: "письмо",
    Channel.PHONE: "телефон",
    Channel.TELEGRAM: "Телеграм",
    Channel.API: "API",
}
DIMENSIONS = {
    Dimension.COMPANY: ("По компаниям", "Компания", "без компании"),
    Dimension.ENGINEER: ("По инженерам", "Инженер", "никто не взял"),
    Dimension.CHANNEL: ("По каналам", "Канал", ""),
    Dimension.CONTRACT: ("По договорам", "Договор", "без договора"),
}
# The heading of the list, and what its moment is called.
FIGURES = {
    Figure.CAME: ("Пришли", "Пришла"),
    Figure.ANSWERED: ("Пришли и получили первый ответ", "Пришла"),
    Figure.SOLVED: ("Решены", "Решена"),
    Figure.MEASURED: ("Решены, время посчитано", "Решена"),
    Figure.REOPENED: ("Решены, а до этого открывались заново", "Решена"),
    Figure.RATED: ("Решены и получили оценку", "Решена"),
    Figure.KEPT: ("Срок решения выдержан", "Срок"),
    Figure.BROKEN: ("Срок решения не выдержан", "Срок"),
    Figure.PENDING: ("Срок решения ещё не наступил", "Срок"),
    Figure.URGENT_KEPT: ("Срочные, решены в срок", "Срок"),
    Figure.URGENT_BROKEN: ("Срочные, не успели в срок", "Срок"),
    Figure.ANSWER_KEPT: ("Первый ответ в срок", "Срок"),
    Figure.ANSWER_BROKEN: ("Первый ответ опоздал", "Срок"),
}
