"""`flask import`: companies, people, contracts and old requests from CSV; a dry run unless told otherwise."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from flask import Blueprint
from flask_babel import force_locale

from app import imports, outbox
from app.extensions import db
from app.imports import AT_ONCE, KINDS, Kind, Row

bp = Blueprint("import_commands", __name__, cli_group="import")
bp.cli.help = "Bring companies, people, contracts and old requests in from CSV files."

PROGRESS_EVERY = 1000

_HELP = """Import {kind} from a CSV FILE.

UTF-8 or Windows-1251, semicolons or commas, headings in English or Russian. Columns: {columns}.

Without --apply nothing is written: every bad row is named with its line. With --apply a file with bad rows is
refused whole, unless --skip-bad leaves them out. Importing a row again changes what is there. {more}
Exit status: 0 when every row is good, 1 otherwise.
"""
_MORE = {"requests": "No letters are sent; an open request is promised anew from now on; `key` is its old number."}


def _command(name: str, kind: Kind) -> Callable[..., None]:
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--apply", is_flag=True, help="Write; without it the import is only tried.")
    @click.option("--skip-bad", is_flag=True, help="Write the good rows although there are bad ones.")
    def run(file: Path, apply: bool, skip_bad: bool) -> None:
        with force_locale("en"):
            _import(kind, file, apply=apply, skip_bad=skip_bad)

    words = _HELP.format(kind=name, columns=", ".join(kind.columns), more=_MORE.get(name, ""))
    return bp.cli.command(name, help=words)(run)


def _import(kind: Kind, file: Path, *, apply: bool, skip_bad: bool) -> None:
    try:
        rows = kind.read(file.read_bytes())
    except imports.UnreadableFile as error:
        raise click.ClickException(f"{file}: {error}") from error
    bad = _pass(kind, rows, write=False)
    _name(file, bad)
    good = [row for row in rows if row.line not in bad]
    click.echo(f"{len(rows)} rows: {len(good)} good, {len(bad)} bad.")
    if apply and (skip_bad or not bad):
        refused = _pass(kind, good, write=True)  # somebody worked on the desk since they were tried
        _name(file, refused)
        bad |= refused
        click.echo(f"Written: {len(good) - len(refused)}.")
    else:
        click.echo("Nothing was written." + ("" if bad else " To write: --apply"))
    sys.exit(1 if bad else 0)


def _name(file: Path, bad: Mapping[int, str]) -> None:
    for line, sentence in bad.items():
        click.echo(f"{file}:{line}: {sentence}", err=True)


def _pass(kind: Kind, rows: Sequence[Row], *, write: bool) -> dict[int, str]:
    """Try or write all rows; returns what is wrong by line."""
    bad: dict[int, str] = {}
    for start in range(0, len(rows), AT_ONCE):
        try:
            for row in rows[start : start + AT_ONCE]:
                if sentence := imports.save(kind, row):
                    bad[row.line] = sentence
            if write:
                outbox.commit()
        finally:
            if not write and kind is KINDS["requests"]:
                _take_back()
        done = start + AT_ONCE
        if done % PROGRESS_EVERY == 0 and done < len(rows):
            click.echo(f"{done} of {len(rows)} rows {'written' if write else 'checked'}", err=True)
    _take_back()
    return bad


def _take_back() -> None:
    outbox.take_back()
    db.session.expunge_all()


COMMANDS: dict[str, Any] = {name: _command(name, kind) for name, kind in KINDS.items()}
