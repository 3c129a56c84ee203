"""Staff and tokens from the command line."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from app import outbox, sessions
from app.extensions import db
from app.models.staff import Staff, StaffSession, Token
from app.models.words import Role


def add_alice(app: Flask, *more: str, password: str | None = None):
    command = ["staff", "add", "Alice@StekSPb.ru", "--name", "Алиса Орлова", "--role", "engineer", *more]
    return app.test_cli_runner().invoke(args=command, input=password)


def alice() -> Staff:
    return db.session.scalars(select(Staff)).one()


def test_a_member_of_staff_signs_in_with_the_password_that_was_printed(app: Flask):
    result = add_alice(app)
    assert result.exit_code == 0, result.output
    password = result.stdout.strip()
    member = sessions.check_password("alice@stekspb.ru", password)
    assert member is not None
    assert (member.name, member.role) == ("Алиса Орлова", Role.ENGINEER)


def test_a_password_on_standard_input_is_taken_and_not_printed(app: Flask):
    result = add_alice(app, "--password-stdin", password="correct horse\n")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert sessions.check_password("alice@stekspb.ru", "correct horse")


def test_a_short_password_is_refused(app: Flask):
    result = add_alice(app, "--password-stdin", password="short\n")
    assert result.exit_code == 1
    assert "shorter than 8" in result.output
    assert not db.session.scalars(select(Staff)).all()


def test_an_address_that_is_none_is_refused(app: Flask):
    result = app.test_cli_runner().invoke(args=["staff", "add", "alice", "--name", "A", "--role", "admin"])
    assert result.exit_code == 2
    assert "no e-mail address" in result.output


def test_the_same_address_twice_is_refused_with_the_way_out(app: Flask):
    add_alice(app)
    result = add_alice(app)
    assert result.exit_code == 1
    assert "flask staff password" in result.output


def test_disabling_ends_every_session_and_adding_again_brings_back(app: Flask):
    password = add_alice(app).stdout.strip()
    key = sessions.start(alice(), "browser").key
    outbox.commit()
    result = app.test_cli_runner().invoke(args=["staff", "disable", "alice@stekspb.ru"])
    assert result.exit_code == 0
    db.session.expire_all()
    assert sessions.load(key) is None
    assert not db.session.scalars(select(StaffSession)).all()
    assert sessions.check_password("alice@stekspb.ru", password) is None
    fresh = add_alice(app).stdout.strip()
    db.session.expire_all()
    assert sessions.check_password("alice@stekspb.ru", fresh)


def test_a_new_password_signs_out_everywhere(app: Flask):
    add_alice(app)
    key = sessions.start(alice(), "browser").key
    outbox.commit()
    fresh = app.test_cli_runner().invoke(args=["staff", "password", "alice@stekspb.ru"]).stdout.strip()
    db.session.expire_all()
    assert sessions.load(key) is None
    assert sessions.check_password("alice@stekspb.ru", fresh)


def test_disabling_nobody_says_so(app: Flask):
    result = app.test_cli_runner().invoke(args=["staff", "disable", "nobody@stekspb.ru"])
    assert result.exit_code == 1
    assert "flask staff list" in result.output


def test_a_token_is_printed_once_and_only_its_hash_is_kept(app: Flask):
    result = app.test_cli_runner().invoke(args=["token", "add", "monitoring", "--role", "manager"])
    assert result.exit_code == 0
    key = result.stdout.strip()
    viewer = sessions.bearer(f"Bearer {key}")
    assert viewer is not None
    assert viewer.actor.role is Role.MANAGER
    assert key not in db.session.scalars(select(Token)).one().key_hash


def test_a_revoked_token_opens_nothing(app: Flask):
    key = app.test_cli_runner().invoke(args=["token", "add", "old", "--role", "admin"]).stdout.strip()
    assert app.test_cli_runner().invoke(args=["token", "revoke", "old"]).exit_code == 0
    db.session.expire_all()
    assert sessions.bearer(f"Bearer {key}") is None
    assert "(revoked)" in app.test_cli_runner().invoke(args=["token", "list"]).output
