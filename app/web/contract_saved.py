"""What a contract's form says of promises given already, and where it leads once it is saved."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.models.company import Contract
from app.tickets import corrections
from app.web.corrections import offer
from app.web.translate import _


def preview(contract: Contract) -> str:
    """A sentence above the form of a contract that exists: how many open promises an edit touches."""
    if count := corrections.count_open(corrections.of_company(contract.company_id)):
        return _("Открытых заявок компании с названным сроком: %(count)s. От правки сроки не изменятся.", count=count)
    return _("Сроки, которые уже названы клиентам, от правки не изменятся.")


def after(company_id: int, *, is_new: bool, is_changed: bool) -> ResponseReturnValue:
    """The page that follows a saved contract; the transaction has ended."""
    if is_changed:
        address = url_for("corrections.of_company", company_id=company_id)
        offer(corrections.of_company(company_id), address)
        flash(_("Договор добавлен.") if is_new else _("Договор изменён. Названные сроки остались прежними."), "done")
    return redirect(url_for("companies.show", company_id=company_id), 303)
