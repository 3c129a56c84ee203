"""Only our own mail server is believed, and a sender cannot put words into its mouth (RFC 8601)."""

from __future__ import annotations

import pytest

from app.intake.authentication import dmarc
from app.intake.mime.parse import parse
from tests.intake.mailing import mail

MX = "mx.stekspb.ru"


def said(*values: str, sender: str = "Ольга <carol@romashka.ru>") -> str:
    lines = "".join(f"Authentication-Results: {value}\r\n" for value in values)
    return dmarc(parse(lines.encode() + mail(sender=sender)), MX)


@pytest.mark.trust("M1")
@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("mx.stekspb.ru; dmarc=pass header.from=romashka.ru", "pass"),
        ("MX.StekSpb.ru 1; spf=pass smtp.mailfrom=romashka.ru; DMARC = Pass (p=reject)", "pass"),
        ('"mx.stekspb.ru"; dmarc=fail', "fail"),
        ("mx.stekspb.ru (our; gate) ; dkim=pass; dmarc=none", "none"),
        ("mx.stekspb.ru; dmarc/1=fail (p=none; sp=none) header.from=romashka.ru", "fail"),
        ("mx.stekspb.ru; none", ""),
        ("mx.evil.ru; dmarc=pass", ""),
        ("mx.stekspb.ru.evil.ru; dmarc=pass", ""),
        ("evil.ru mx.stekspb.ru; dmarc=pass", ""),
        ('mx.stekspb.ru; spf=pass smtp.mailfrom="a; dmarc=pass"@evil.ru', ""),
        ('mx.stekspb.ru; spf=pass smtp.mailfrom="a; dmarc=pass"@evil.ru; dmarc=fail', "fail"),
        ('mx.stekspb.ru; spf=pass smtp.mailfrom="a\\"; dmarc=pass"@evil.ru; dmarc=fail', "fail"),
        ("mx.stekspb.ru; spf=pass (x; dmarc=pass y); dmarc=fail", "fail"),
        ("mx.stekspb.ru; spf=pass (a (b; dmarc=pass) c\\); dmarc=pass ); dmarc=fail", "fail"),
        ("mx.stekspb.ru; spf=pass smtp.mailfrom=a;dmarc=pass@evil.ru; dmarc=fail", "fail"),
        ("mx.stekspb.ru; spf=pass smtp.mailfrom=a; dmarc=pass; dmarc=fail", "fail"),
        ('mx.stekspb.ru; spf=pass smtp.mailfrom="a; dmarc=pass', ""),
        ('mx.stekspb.ru; spf=pass smtp.mailfrom="a@evil.ru; dmarc=fail', "fail"),
        ("mx.stekspb.ru; spf=pass (evil; dmarc=pass", ""),
        ("mx.stekspb.ru; spf=pass smtp.mailfrom=(a@evil.ru; dmarc=fail", "fail"),
        ("mx.stekspb.ru; spf=pass smtp.mailfrom=a=?utf-8?q?=3B_dmarc=3Dpass_?=@evil.ru", ""),
        ("mx.stekspb.ru; dmarc=pass header.from=evil.ru", "none"),
        ("mx.stekspb.ru; dmarc=passed", "passed"),
        ("mx.stekspb.ru; x-dmarc=pass", ""),
        ("", ""),
        (";;;", ""),
    ],
)
def test_a_line_says_what_its_structure_says(value, result):
    assert said(value) == result


@pytest.mark.trust("M1")
@pytest.mark.parametrize(
    ("values", "result"),
    [
        (["mx.stekspb.ru; dkim=pass", "mx.stekspb.ru; dmarc=pass"], "pass"),
        (["mx.stekspb.ru; dkim=pass", "mx.stekspb.ru; dmarc=fail"], "fail"),
        (["mx.stekspb.ru; dmarc=pass", "mx.stekspb.ru; dmarc=fail"], "fail"),
        (["mx.stekspb.ru; dmarc=none", "mx.stekspb.ru; dmarc=pass"], "none"),
        (["evil.ru; dmarc=pass", "mx.stekspb.ru; dmarc=none"], "none"),
    ],
)
def test_each_line_of_our_server_is_read_and_a_failure_outweighs(values, result):
    assert said(*values) == result


def test_a_subdomain_is_proven_by_its_organisation():
    assert said("mx.stekspb.ru; dmarc=pass header.from=romashka.ru", sender="a@shop.romashka.ru") == "pass"
    assert said("mx.stekspb.ru; dmarc=pass header.from=romashka.ru", sender="a@evilromashka.ru") == "none"


def test_without_the_name_of_our_server_nobody_is_believed():
    letter = parse(mail(Authentication_Results="mx.stekspb.ru; dmarc=pass"))
    assert dmarc(letter, "") == ""


def test_long_nonsense_is_read_in_no_time():
    assert said("mx.stekspb.ru; " + "(" * 60_000) == ""
    assert said("mx.stekspb.ru; " + '"\\' * 30_000) == ""


@pytest.mark.trust("M1")
def test_a_failure_behind_many_signatures_is_still_seen():
    signatures = "; ".join(f"dkim=pass header.d=a-rather-long-name-{number}.evil.ru" for number in range(100))
    assert said(f"mx.stekspb.ru; {signatures}; dmarc=fail") == "fail"
