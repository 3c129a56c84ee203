"""`flask backup`, `flask restore`, `flask notices`: one file with everything, the way back, what was held after it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click
from flask import Blueprint, current_app
from sqlalchemy.exc import SQLAlchemyError

from app import heartbeats, migrations, outbox
from app.cli import archive, snapshots
from app.clock import now
from app.config import SECRET_FILE, settings
from app.durations import iso
from app.errors import HelpDeskError
from app.extensions import db
from app.models.staff import Staff

bp = Blueprint("backup_commands", __name__, cli_group=None)
_target = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
_source = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@bp.cli.command("backup")
@_target
def backup(file: Path) -> None:
    """Write the database, the files of requests and the secret key into one tar FILE (.tar, .tar.gz).

    The desk may run meanwhile. FILE holds secrets and is made readable for you alone; an existing one is not touched.
    """
    if file.exists():
        raise click.ClickException(f"{file} exists already. Take another name or move it away.")
    facts = {"made_at": iso(now()), "revision": migrations.current(), "database": snapshots.name()}
    with _refusals(), tempfile.TemporaryDirectory(dir=settings().data_dir, prefix="backup-") as folder:
        # The database first: a file is on disk before its row, so every row's file is in the archive.
        snapshot = Path(folder) / snapshots.name()
        snapshots.take(snapshot)
        count = archive.write(file, snapshot, facts)
    click.echo(f"{file}: the database and {count} files, {file.stat().st_size >> 20} MB.")


@bp.cli.command("restore")
@_source
@click.option("--force", is_flag=True, help="Replace a database that is in use or holds data.")
def restore(file: Path, force: bool) -> None:
    """Replace the database and the files by those of a backup FILE. Stop the desk first.

    Notices that the backup still owed are held: some may have left since it was made. `flask notices release` sends
    them, `flask notices drop` gives them up. Mailboxes are read again from where the backup stood.
    """
    with _refusals(), tempfile.TemporaryDirectory(dir=settings().data_dir, prefix="restore-") as folder:
        facts = archive.manifest(file)
        if not force:
            _check_unused()
        snapshot = Path(folder) / snapshots.name()
        archive.unpack_snapshot(file, snapshot)
        snapshots.put_back(snapshot)
        count = archive.unpack_files(file)
        migrations.upgrade(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001  Flask's proxy
        from app.notify import held

        with outbox.transaction():
            waiting = held.hold()
    click.echo(f"Restored as of {facts['made_at']}: the database and {count} files.")
    if waiting:
        click.echo(f"Held notices: {waiting}. Send them: flask notices release. Give them up: flask notices drop.")
    if not (settings().data_dir / SECRET_FILE).is_file():
        click.echo("SECRET_KEY comes from the environment: it must be the one of the backup, or old links are dead.")


@bp.cli.group("notices")
def notices() -> None:
    """Notices held after a restore."""


@notices.command("release")
def release() -> None:
    """Send the notices that a restore has held."""
    from app.notify import held

    with outbox.transaction():
        count = held.release()
    click.echo(f"Released: {count}.")


@notices.command("drop")
def drop() -> None:
    """Give up the notices that a restore has held; requests show them as not sent."""
    from app.notify import held

    with outbox.transaction():
        count = held.drop()
    click.echo(f"Dropped: {count}.")


def _check_unused() -> None:
    """Refuse while processes are heard or somebody is on the staff; an empty or broken database may be replaced."""
    try:
        is_heard = any(now() - at < heartbeats.SILENT_AFTER for at in heartbeats.last().values())
        is_used = db.session.query(Staff.id).first() is not None
    except SQLAlchemyError:
        return
    finally:
        db.session.rollback()
    if is_heard:
        raise HelpDeskError("The desk is running. Stop it first, or use --force.")
    if is_used:
        raise HelpDeskError("This database holds data, which would be lost. Back it up, then use --force.")


class _refusals:  # noqa: N801  reads as a word in a with statement
    """Turns refusals of the house into click's."""

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, HelpDeskError):
            raise click.ClickException(error.message) from error
        if isinstance(error, OSError):
            raise click.ClickException(f"{error.filename or ''}: {error.strerror or error}") from error
