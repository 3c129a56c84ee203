"""What the database says of letters, read anew; and the customer's own acts."""

from __future__ import annotations

from sqlalchemy import select

from app.actor import Actor
from app.extensions import db
from app.models import Channel, Delivery, DeliveryState

CAROL, OFFICE = "carol@neva-trade.example", "office@neva-trade.example"


def carols_act() -> Actor:
    return Actor.of_person(None, "Петрова Ольга Сергеевна", Channel.EMAIL)


def deliveries(recipient: str = CAROL) -> list[Delivery]:
    query = select(Delivery).where(Delivery.recipient == recipient).order_by(Delivery.id)
    return list(db.session.scalars(query, execution_options={"populate_existing": True}))


def states(recipient: str = CAROL) -> list[DeliveryState]:
    query = select(Delivery.state).where(Delivery.recipient == recipient).order_by(Delivery.id)
    return list(db.session.scalars(query))
