"""A real Dovecot on high ports from a private configuration; nothing of the system's own is touched."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from imapclient import IMAPClient

from app.config import settings
from app.intake import imap
from tests.processes.desk import free_port

PASSWORD = "mailbox-password:@/"
_CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
default_login_user = {login}
default_internal_user = {login}
default_internal_group = {group}
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A running server."""

    port: int
    maildir: Path

    def url(self, folder: str = "INBOX") -> str:
        return f"imap://info:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/{folder}"

    def client(self) -> IMAPClient:
        """A person's mail program, signed in."""
        client = IMAPClient("127.0.0.1", self.port, ssl=False)
        client.login("info", PASSWORD)
        return client


@contextmanager
def running_dovecot() -> Iterator[Dovecot]:
    """Start it, and end it afterwards."""
    program = shutil.which("dovecot") or "/usr/sbin/dovecot"
    assert Path(program).exists(), "Dovecot is missing: apt-get install dovecot-imapd"
    folder = Path(tempfile.mkdtemp(prefix="hd-dovecot-"))
    folder.chmod(0o755)
    is_root = os.geteuid() == 0
    uid, gid = (65534, 65534) if is_root else (os.getuid(), os.getgid())
    for name in ("mail", "home"):
        (folder / name).mkdir()
        os.chown(folder / name, uid, gid)
    port = free_port()
    configuration = folder / "dovecot.conf"
    login, group = ("nobody", "nogroup") if is_root else (getpass.getuser(), str(gid))
    configuration.write_text(
        _CONFIGURATION.format(folder=folder, login=login, group=group, password=PASSWORD, uid=uid, gid=gid, port=port)
    )
    process = subprocess.Popen([program, "-F", "-c", str(configuration)])
    try:
        server = Dovecot(port, folder / "mail" / "info")
        _wait(server, process, folder / "log")
        yield server
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: Dovecot, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        assert process.poll() is None, log.read_text() if log.exists() else "Dovecot ended at once"
        try:
            server.client().logout()
            return
        except (OSError, IMAPClient.Error):
            time.sleep(0.05)
    raise AssertionError(log.read_text())


def read_all() -> int:
    """Every mailbox of IMAP_URL once, fully; how many letters were new."""
    return sum(_read(imap.Address.parse(url)) for url in settings().imap_url)


def _read(address: imap.Address) -> int:
    client = imap.connected(address)
    try:
        return imap.read(client, address)
    finally:
        client.logout()
