"""CSV files in the browser: tried without writing, every bad row named, then written; progress without time-outs."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import outbox
from app.clock import now
from app.errors import NotFound
from app.extensions import db
from app.imports import KINDS, UnreadableFile, uploaded
from app.models.csv_import import CsvImport
from app.models.staff import Staff
from app.rows import find_row
from app.web.import_samples import SAMPLES
from app.web.translate import _
from app.web.viewer import actor

bp = Blueprint("imports", __name__)

MOST_SHOWN = 200  # bad rows on the page; the file of them has all
_LAST = 10


@bp.get("/imports")
def index() -> str:
    """``?kind=``: what is loaded next."""
    kind = request.args.get("kind", "")
    return _page(kind if kind in KINDS else "companies", {})


@bp.post("/imports")
def create() -> ResponseReturnValue:
    kind, sent = request.form.get("kind", ""), request.files.get("file")
    if kind not in KINDS:
        return _page("companies", {"kind": _("Выберите, что загружаете.")}), 422
    if sent is None or not sent.filename:
        return _page(kind, {"file": _("Выберите файл CSV.")}), 422
    try:
        with outbox.transaction():
            content = sent.stream.read(uploaded.MOST_BYTES + 1)
            import_id = uploaded.start(kind, sent.filename, content, actor(), now()).id
    except UnreadableFile as refusal:
        return _page(kind, {"file": str(refusal)}), 422
    uploaded.proceed(import_id, now())
    return redirect(url_for("imports.show", import_id=import_id), 303)


@bp.get("/imports/<int:import_id>")
def show(import_id: int) -> str:
    return render_template("imports/show.html", job=_found(import_id), most=MOST_SHOWN)


@bp.post("/imports/<int:import_id>/steps")
def proceed(import_id: int) -> ResponseReturnValue:
    """Do some more; the fragment presses again by itself until the end, without script the button is pressed."""
    uploaded.proceed(_found(import_id).id, now())
    if "HX-Request" in request.headers:
        return render_template("imports/_progress.html", job=_found(import_id), most=MOST_SHOWN)
    return redirect(url_for("imports.show", import_id=import_id), 303)


@bp.post("/imports/<int:import_id>/writing")
def write(import_id: int) -> ResponseReturnValue:
    """Write the rows that were found good."""
    found = _found(import_id).id
    with outbox.transaction():
        uploaded.write(uploaded.locked(found))
    uploaded.proceed(found, now())
    return redirect(url_for("imports.show", import_id=import_id), 303)


@bp.get("/imports/<int:import_id>/bad.csv")
def bad(import_id: int) -> Response:
    """All bad rows: line and what is wrong, as Excel opens it."""
    job = _found(import_id)
    rows = [(line, sentence) for line, sentence in sorted(job.bad.items(), key=lambda one: int(one[0]))]
    return _csv(f"bad-{job.id}.csv", [(_("строка"), _("что не так")), *rows])


@bp.get("/imports/samples/<kind>.csv")
def sample(kind: str) -> Response:
    """A file to fill in, with one row as an example."""
    if kind not in SAMPLES:
        raise NotFound("Такого образца нет.")
    example = SAMPLES[kind]
    return _csv(f"{kind}.csv", [tuple(map(KINDS[kind].heading, example)), tuple(example.values())])


def _csv(name: str, rows: list[tuple[str, ...]]) -> Response:
    """Semicolons and a byte-order mark: a Russian Excel opens it by a double click."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([[f"'{cell}" if cell.startswith(("=", "@", "\t")) else cell for cell in row] for row in rows])
    response = Response(f"\ufeff{text.getvalue()}", mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def _found(import_id: int) -> CsvImport:
    job = find_row(CsvImport, import_id, populate_existing=True)
    if job is None:
        raise NotFound("Такой загрузки нет: она устарела или её не было. Начните с файла.")
    return job


def _page(kind: str, errors: dict[str, str]) -> str:
    columns = (CsvImport.id, CsvImport.kind, CsvImport.file_name, CsvImport.stage, CsvImport.total, CsvImport.position)
    query = select(*columns, CsvImport.created_at, Staff.name).outerjoin(Staff, Staff.id == CsvImport.staff_id)
    last = db.session.execute(query.order_by(CsvImport.id.desc()).limit(_LAST)).all()
    about = [
        (name, set(map(one.heading, one.required)), list(map(one.heading, one.columns))) for name, one in KINDS.items()
    ]
    return render_template("imports/index.html", kind=kind, errors=errors, last=last, about=about)
