"""Many more client companies, people and engineers, for desks of the size that is measured."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.demo.firm import VALID_FROM, found
from app.extensions import db
from app.models.company import Company, CompanyDomain, Contract, name_key
from app.models.person import Person
from app.models.staff import Staff
from app.models.words import Notify, Role
from app.promises import Terms
from app.terms import terms_for

COMPANIES, PEOPLE_EACH, ENGINEERS = 200, 5, 20
_FIRST = ("Балт Вега Гранит Дельта Заря Интер Кронверк Ладога Меридиан Норд Онега Парус Рубин Север Темп Факел "
          "Цитрон Шторм Эталон Янтарь Аврора Волна Гавань Искра").split()  # fmt: skip
_SECOND = "Торг Строй Сервис Логистик Проект Мебель Фарм Снаб".split()
_NAMES = "Александр Андрей Антон Борис Вадим Виктор Глеб Григорий Денис Евгений Иван Илья Кирилл Лев Максим".split()
_SURNAMES = ("Абрамов Баранов Васин Гусев Данилов Ершов Жуков Зимин Исаев Котов Лапин Макаров Нечаев Осипов Панов "
             "Рыжов Савин Титов Ушаков Филин Хохлов Чернов Шилов Щукин Юров Яшин").split()  # fmt: skip
_TERMS = (("ru-5x9", 1, 8), ("ru-5x9", 2, 16), ("ru-5x8-lunch", 1, 8), ("shops-7x12", 1, 6), ("24x7", 1, 4))


@dataclass(frozen=True)
class Client:
    """One company as bulk rows need it."""

    id: int
    name: str
    notice_email: str
    terms: Terms
    people: list[Person]


def found_clients(at: datetime) -> tuple[list[Client], list[Staff], Staff]:
    """Find or make them: clients, engineers, the manager; the caller commits."""
    firm = found(at)
    made = [_company(number, at) for number in range(COMPANIES - len(firm.companies))]
    engineers = [*firm.engineers, *(_engineer(number, at) for number in range(ENGINEERS - len(firm.engineers)))]
    db.session.flush()
    people = {**firm.people, **{company.id: _people(company, at) for company in made}}
    db.session.flush()
    clients = [
        Client(company.id, company.name, company.notice_email, terms_for(company, at), people[company.id])
        for company in [*firm.companies, *made]
    ]
    return clients, engineers, firm.manager


def _company(number: int, at: datetime) -> Company:
    name = f"ООО «{_FIRST[number % len(_FIRST)]}{_SECOND[number // len(_FIRST) % len(_SECOND)]}»"
    query = select(Company).where(Company.name_key == name_key(name)).options(selectinload(Company.domains))
    if known := db.session.scalars(query).first():
        return known
    calendar, reaction, solution = _TERMS[number % len(_TERMS)]
    contract = Contract(
        number=f"{number + 300}/2024",
        valid_from=VALID_FROM,
        calendar=calendar,
        reaction=timedelta(hours=reaction),
        solution=timedelta(hours=solution),
    )
    domain = f"client{number:03}.example"
    company = Company(
        name=name,
        name_key=name_key(name),
        notice_email=f"office@{domain}" if number % 3 else "",
        notify=Notify.BOTH if number % 3 else Notify.APPLICANT,
        created_at=at,
        domains=[CompanyDomain(domain=domain)],
        contracts=[contract],
    )
    db.session.add(company)
    return company


def _people(company: Company, at: datetime) -> list[Person]:
    known = db.session.scalars(select(Person).where(Person.company_id == company.id).order_by(Person.id)).all()
    if known:
        return list(known)
    dice = random.Random(company.id)
    made = [
        Person(
            name=f"{dice.choice(_NAMES)} {dice.choice(_SURNAMES)}",
            email=f"user{number}@{company.domains[0].domain}",
            phone=f"+7812{dice.randint(2000000, 7999999)}",
            company_id=company.id,
            is_confirmed=True,
            is_phone_confirmed=True,
            created_at=at,
        )
        for number in range(PEOPLE_EACH)
    ]
    db.session.add_all(made)
    return made


def _engineer(number: int, at: datetime) -> Staff:
    email = f"engineer{number + 1:02}@desk.example"
    if known := db.session.scalars(select(Staff).where(Staff.email == email)).first():
        return known
    name = f"{_NAMES[number % len(_NAMES)]} {_SURNAMES[number * 5 % len(_SURNAMES)]}"
    engineer = Staff(email=email, name=name, role=Role.ENGINEER, password_hash="", created_at=at)
    db.session.add(engineer)
    return engineer
