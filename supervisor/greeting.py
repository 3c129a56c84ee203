"""Where to look: printed once everything has been started."""

from __future__ import annotations

from dataclasses import dataclass

from supervisor.desk import Desk


@dataclass(frozen=True)
class Greeting:
    """What the first words on the terminal depend on."""

    has_staff: bool
    demo: str  # the demo's sign-ins, in its own words

    def show(self, desk: Desk) -> None:
        print("\n".join(["", *self._lines(desk), ""]), flush=True)

    def _lines(self, desk: Desk) -> list[str]:
        lines = [f"HelpDesk    {desk.address}", f"Sign in     {desk.address}/login"]
        if desk.keeps_mail:
            lines.append(f"Letters out {desk.address}/dev/mail")
        if desk.smtp_listen:
            lines.append("Letters in  smtp://{}:{} (test letters to the desk's mailbox)".format(*desk.smtp_listen))
        lines.append(f"Data, logs  {desk.data_dir}")
        if self.demo:
            lines += ["", *self.demo.strip().splitlines()]
        if not self.has_staff:
            lines += [
                "",
                "Nobody can sign in yet. In another terminal:",
                "  .venv/bin/flask staff add you@example.ru --name 'Your Name' --role admin",
            ]
        return [*lines, "", "Ctrl-C stops everything."]
