"""The one road in: every channel makes an Intake, and ``receive`` opens a request or adds to one."""

from app.intake.intake import Intake, checked
from app.intake.receive import Receipt, receive

__all__ = ["Intake", "Receipt", "checked", "receive"]
