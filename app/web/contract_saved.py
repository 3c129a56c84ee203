"""What a contract's form says of promises given already, and where it leads once it is saved."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.models.company import Contract
from app.web.translate import _


def preview(contract: Contract) -> str:
    """A sentence above the form of a contract that exists; "" says nothing."""
    del contract
    return _("Сроки, которые уже названы клиентам, от правки не изменятся.")


def after(company_id: int, contract_id: int, *, is_new: bool, is_changed: bool) -> ResponseReturnValue:
    """The page that follows a saved contract; the transaction has ended."""
    del contract_id
    if is_changed:
        flash(_("Договор добавлен.") if is_new else _("Договор изменён. Названные сроки остались прежними."), "done")
    return redirect(url_for("companies.show", company_id=company_id), 303)
