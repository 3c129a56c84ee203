"""`flask person`: all that is kept about somebody given out, and erased at their wish."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import Blueprint
from flask_babel import force_locale

from app import database, outbox
from app.actor import SYSTEM
from app.clock import now
from app.errors import HelpDeskError, NotFound
from app.extensions import db
from app.models.person import Person
from app.models.person_data import Erasure
from app.person_data import erasing, exporting, waiting, whose
from app.person_data.preview import Preview, preview
from app.person_data.whose import Whose

bp = Blueprint("person_commands", __name__, cli_group="person")
bp.cli.help = "A person's data: given out, and erased at their wish."
NOBODY = 3
_who = click.argument("who", metavar="EMAIL|PHONE|id:CARD")


@bp.cli.command("export")
@_who
@click.option(
    "--to",
    "folder",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where to write it; the folder you are in if not said.",
)
def export(who: str, folder: Path) -> None:
    """Write all that the desk keeps about somebody into one ZIP in DIR.

    JSON under plain names, the files of their requests, the letters that they wrote. Notes between colleagues are not
    in it. Hand it over by a safe way: it is readable for you alone. Broken off, run it again: it begins anew. Killed,
    it leaves half a file called .part, which the next run for the same person into the same DIR takes away.
    Exit status: 0 written, 1 refused, 3 nobody is known.
    """
    with _refusals(), database.reading():
        own = whose.of(*_known(who))
        total = preview_of(own).requests
        at = now()
        name = f"person-{own.ids[0] if own.ids else 'unknown'}-"
        target = folder / f"{name}{at:%Y%m%d-%H%M%S}.zip"
        exporting.clear(folder, name)

        def tell(done: int) -> None:
            click.echo(f"Requests: {done} of {total}.", err=True)

        try:
            count = exporting.write(own, target, at, None, tell)
        except OSError as error:
            raise click.ClickException(f"{error.filename or target}: {error.strerror or error}") from error
    click.echo(f"{target}: {count} requests, {max(1, target.stat().st_size >> 10)} KB.")


@bp.cli.command("erase")
@_who
@click.option("--dry-run", is_flag=True, help="Only say what would be blanked.")
@click.option("--also-open", is_flag=True, help="Erase although something is not closed; nobody can be answered then.")
@click.option("--yes", is_flag=True, help="Do not ask for the number of requests.")
def erase(who: str, dry_run: bool, also_open: bool, yes: bool) -> None:
    """Blank names, texts and files of somebody; numbers, times, states, promises, figures stay. There is no way back.

    The person is found by address or number, with all cards joined to theirs. Killed in the middle, it is gone on with
    by the running desk, or by the same command. Backups keep what they held when they were made.
    Exit status: 0 erased (or said, with --dry-run), 1 refused, 3 nobody is known.
    """
    with _refusals():
        if (begun := whose.unfinished(who)) is not None:
            click.echo("It was begun and broken off: going on.", err=True)
            return _proceed(begun.id)
        person, address = _known(who)
        if person is not None and person.erased_at is not None:
            click.echo(f"Erased already, on {person.erased_at:%Y-%m-%d}.")
            return None
        own = whose.of(person, address)
        seen = preview_of(own)
        _show(own, seen)
        unfinished = "" if also_open else _what_waits(own)
        if dry_run:
            click.echo("Nothing was erased." + (f" It would be refused: {unfinished}" if unfinished else ""))
            return None
        if unfinished:
            raise click.ClickException(f"{unfinished} To erase all the same: --also-open")
        db.session.rollback()
        if not yes and click.prompt("Type the number of requests to erase them for good", type=int) != seen.requests:
            raise click.ClickException("That is not the number. Nothing was erased.")
        with outbox.transaction():
            begun = erasing.begin(person, SYSTEM, now(), address=address, is_with_open=also_open)
            begun_id = begun.id
        return _proceed(begun_id)


def preview_of(own: Whose) -> Preview:
    with force_locale("en"):
        return preview(own, None)


def _known(who: str) -> tuple[Person | None, str]:
    """The person; of an address without a card, the address, where anything at all stands under it."""
    person = whose.find(who)
    if person is not None:
        return person, ""
    address = who.strip().lower()
    if not any(preview_of(whose.of(None, address)).counts.values()):
        raise NotFound(f"Nobody is known under {address}, and nothing stands under it.")
    return None, address


def _what_waits(own: Whose) -> str:
    """In English: what the pages say in Russian."""
    with force_locale("en"):
        return waiting.what_waits(own, SYSTEM)


def _show(own: Whose, seen: Preview) -> None:
    named = ", ".join([*own.names, *own.emails, *own.phones]) or "a card without a name"
    click.echo(f"{named}. To be blanked:")
    with force_locale("en"):
        for words, count in seen.lines:
            click.echo(f"  {count:>6} {words}")
    for company in seen.also_at:
        click.echo(f"  The address also stands as {company}'s own for notices: that stays, change it on its card.")


def _proceed(erasure_id: int) -> None:
    def tell(done: int, total: int) -> None:
        click.echo(f"Requests: {done} of {total}.", err=True)

    erasing.proceed(erasure_id, now(), tell=tell)
    erasure = db.session.get_one(Erasure, erasure_id)
    click.echo(f"Erased: {erasure.done} requests, the card and all that stood under it.")


class _refusals:  # noqa: N801  reads as a word in a with statement
    """Turns refusals of the house into click's."""

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, NotFound):
            click.echo(f"Error: {error.message}", err=True)
            sys.exit(NOBODY)
        if isinstance(error, HelpDeskError):
            raise click.ClickException(error.message) from error
