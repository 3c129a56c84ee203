"""What chats are owed: pairing in one step, the senders in one step, and what the database says of notices."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import current_app
from sqlalchemy import select

from app import bot_api, chats, clock, notify, outbox, pairing
from app.actor import Actor
from app.extensions import db
from app.models import BotMessage, Channel, Chat, Delivery, DeliveryChannel, Staff, Ticket
from app.notify import telegram
from tests.cast import carol as carols_person
from tests.telegram.fake import User

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # 10:00 in Moscow


def by_carol(channel: Channel = Channel.TELEGRAM) -> Actor:
    """Carol as an author, by default from her chat."""
    return Actor.of_person(carols_person(), "Петрова Ольга Сергеевна", channel)


def chat_of(user: User) -> Chat:
    """The chat of somebody who has begun one; made once."""
    user.start()
    chat = db.session.get(Chat, user.id)
    if chat is None:
        chat = Chat(id=user.id, name=user.about["first_name"], typed={}, created_at=clock.now())
        db.session.add(chat)
        outbox.commit()
    return chat


def paired(user: User) -> Chat:
    """A chat that Carol has proved to be hers."""
    chat = chat_of(user)
    pairing.pair_person(chat, carols_person(), "code", clock.now())
    outbox.commit()
    return chat


def say(user: User, *texts: str) -> Chat:
    """Answers owed to a chat."""
    chat = chat_of(user)
    for text in texts:
        chats.say(chat, text, clock.now())
    outbox.commit()
    return chat


def of_staff(user: User, staff: Staff, **wishes: bool) -> Chat:
    """A chat of a member of staff."""
    chat = chat_of(user)
    pairing.pair_staff(chat, staff, clock.now())
    chat.wishes = wishes
    outbox.commit()
    return chat


def following(user: User, ticket: Ticket) -> Chat:
    """An unpaired chat that brought a request."""
    chat = chat_of(user)
    chats.follow(chat, ticket)
    outbox.commit()
    return chat


def send() -> int:
    """Everything that is owed: letters, then chats, as one process of the bot would."""
    notify.run()
    return telegram.send(current_app.extensions.setdefault("a bot's client", bot_api.the_client()))


def notices(user: User | None = None) -> list[Delivery]:
    query = select(Delivery).where(Delivery.channel == DeliveryChannel.TELEGRAM).order_by(Delivery.id)
    query = query.where(Delivery.recipient == str(user.id)) if user else query
    return list(db.session.scalars(query, execution_options={"populate_existing": True}))


def messages(user: User) -> list[BotMessage]:
    query = select(BotMessage).where(BotMessage.chat_id == user.id).order_by(BotMessage.id)
    return list(db.session.scalars(query, execution_options={"populate_existing": True}))


def plain(text: str) -> str:
    """Without the blanks that do not break."""
    return text.replace("\u00a0", " ")
