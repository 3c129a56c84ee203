"""`bin/run`, once the packages are there: owns the data folder, starts the servers and the processes, says where."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from functools import partial

from supervisor import data_folder, nursery, ports, preparation, procfile, valkey
from supervisor.desk import Desk, read_desk
from supervisor.errors import CannotRun
from supervisor.greeting import Greeting
from supervisor.output import Output
from supervisor.process import Process
from supervisor.supervision import Supervision

REDIS_STARTS_WITHIN = 30.0  # seconds; a long file takes a while to read
HOPELESS = 3  # deaths one after the other
WEB_STARTS_WITHIN = 30.0


def main() -> None:
    """Run the desk until it is told to stop."""
    parser = argparse.ArgumentParser(prog="bin/run", description="Set up and run the whole help desk.")
    parser.add_argument("--demo", action="store_true", help="fill an empty desk with a believable demo firm")
    demo = parser.parse_args().demo
    try:
        run(read_desk(), is_demo=demo)
    except CannotRun as error:
        sys.exit(str(error))


def run(desk: Desk, *, is_demo: bool) -> None:
    """Start everything in order; returns when everything has stopped."""
    lock = data_folder.own(desk.data_dir)
    data_folder.keep_secret(desk.data_dir)
    ports.check("PORT", desk.host, desk.port)
    if desk.smtp_listen:
        ports.check("SMTP_LISTEN", *desk.smtp_listen)
    desk.log_dir.mkdir(mode=0o700, exist_ok=True)
    commands = procfile.read(preparation.ROOT / "Procfile")
    width = max(map(len, [*commands, "redis", nursery.NAME]))
    supervision = Supervision(desk.environment)
    try:
        if desk.has_own_redis:
            _start_redis(desk, supervision, lock, width)
        if not supervision.is_stopping:
            hello = _prepare_database(desk, is_demo=is_demo)
            _start_processes(desk, supervision, commands, width)
            supervision.watch(partial(ports.is_open, desk.host, desk.port), WEB_STARTS_WITHIN)
            hello.show(desk)
            supervision.watch(until=lambda: False)
            print(f"Stopping ({supervision.reason}) …", flush=True)
    except CannotRun:
        if not supervision.is_stopping:  # whoever stops a start need not be told that it failed
            raise
    finally:
        supervision.stop()


def _start_processes(desk: Desk, supervision: Supervision, commands: dict[str, list[str]], width: int) -> None:
    own = [name for name, command in commands.items() if nursery.is_own(command)]
    house, voices = nursery.build(own, desk.log_dir, width)
    others = [
        Process(name, command, Output(name, desk.log_dir, width))
        for name, command in commands.items()
        if name not in own
    ]
    supervision.listen_to(voices)
    supervision.add([*others, house])


def _start_redis(desk: Desk, supervision: Supervision, lock: int, width: int) -> None:
    path = valkey.socket_path(desk.redis_dir)
    desk.environment["REDIS_URL"] = f"unix://{path}"
    answers = partial(valkey.is_answering, path)
    # The server holds the lock too: a second one on these files would ruin them.
    output = Output("redis", desk.log_dir, width, is_shown=False)
    server = Process("redis", valkey.command(desk.redis_dir), output, inherited=[lock])
    supervision.add_server(server)
    supervision.watch(lambda: answers() or server.deaths >= HOPELESS, REDIS_STARTS_WITHIN)
    if answers() or supervision.is_stopping:
        return
    if server.deaths >= HOPELESS and (aside := valkey.set_aside(desk.redis_dir)):
        print(f"Redis could not read its own file; it starts empty, nothing is lost. The file is now {aside}.")
        if supervision.watch(answers, REDIS_STARTS_WITHIN) or supervision.is_stopping:
            return
    raise CannotRun(f"Redis does not start; its own words stand in {desk.log_dir / 'redis.log'}.")


def _prepare_database(desk: Desk, *, is_demo: bool) -> Greeting:
    """Migrate, fill a demo if asked, and learn what the greeting says."""
    print("Bringing the database up to date …", flush=True)
    told = json.loads(_ask(desk, "-m", "workers.upgrade").strip().splitlines()[-1])
    demo = _ask(desk, "-m", "flask", "demo", "seed") if is_demo else ""
    return Greeting(has_staff=bool(told["staff"]) or is_demo, demo=demo)


def _ask(desk: Desk, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=preparation.ROOT,
        env=dict(desk.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotRun("The desk cannot start; the reason stands above. More: .venv/bin/flask doctor")
    return done.stdout


if __name__ == "__main__":
    main()
