"""What is left of HTML: allow-listed elements and attributes, addresses that lead where they say, every word."""

from __future__ import annotations

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.letter_html import sanitise
from app.letter_html.addresses import is_inside, target, web
from app.letter_html.child import made_safe
from app.letter_html.rasters import data_address
from app.letter_html.render import Shown, Task, render
from tests.intake.html_letters import png
from tests.letter_html.hostile import letters

WORDS = {"quoted": "Раньше", "from": "с %s", "inside": "внутри %s", "missing": "нет", "unknown": "картинка"}
PICTURE = data_address(png())
ELEMENTS = set(
    """a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i
    img ins kbd li mark ol p pre q s samp small span strike strong sub summary sup table tbody td tfoot th thead tr tt
    u ul var wbr""".split()
)
ATTRIBUTES = set(
    "align alt border colspan dir height href open rel rowspan src start target title valign width".split()
)
BODIES = letters()


def shown(markup: str, **more: object) -> Shown:
    return render(Task(markup, WORDS, **more))  # type: ignore[arg-type]


def check_harmless(markup: str, sources: tuple[str, ...] = ()) -> None:
    """By another parser than the sanitiser's own."""
    tree = html5lib.parseFragment(markup, namespaceHTMLElements=False)
    for one in tree.iter():
        if one is tree:
            continue
        assert one.tag in ELEMENTS, one.tag
        assert set(one.attrib) <= ATTRIBUTES, one.attrib
        assert one.tag == "img" or "src" not in one.attrib
        assert one.get("src") is None or str(one.get("src")).startswith(sources)
        if one.tag == "a":
            assert one.get("target") == "_blank"
            assert one.get("rel") == "noopener noreferrer nofollow"
            assert str(one.get("href")).startswith(("http://", "https://", "mailto:", "tel:"))
        else:
            assert "href" not in one.attrib
            assert "title" not in one.attrib


@pytest.mark.trust("X2", "X3", "X4", "X5")
@pytest.mark.parametrize("markup", BODIES, ids=range(len(BODIES)))
def test_hostile_html_becomes_harmless(markup: str):
    for has_quotation, wants_pictures in ((False, False), (True, True)):
        found = shown(
            f"<p>До</p>{markup}<p>После</p>",
            has_quotation=has_quotation,
            wants_pictures=wants_pictures,
            pictures={"x": PICTURE},
        )
        check_harmless(found.markup, (PICTURE, "http://", "https://") if wants_pictures else (PICTURE,))
        assert sanitise.last(found.markup, [PICTURE, *_sources(found.markup)]) == found.markup
        assert "До" in found.markup


@pytest.mark.trust("X4")
@given(st.lists(st.sampled_from([*BODIES, "<p>", "</p>", "<table>", "<td>", "<!--", "-->", '"', "'", ">", "<"])))
def test_any_mixture_of_it_is_harmless_too(pieces: list[str]):
    found = shown("".join(pieces))
    check_harmless(found.markup)
    assert sanitise.last(found.markup) == found.markup


@given(st.text(alphabet="<>/=\"'& -!?abimgpsrcx:;\n\t\0", max_size=300))
def test_any_text_is_harmless(markup: str):
    check_harmless(shown(markup).markup)


def _sources(markup: str) -> list[str]:
    tree = html5lib.parseFragment(markup, namespaceHTMLElements=False)
    return [str(one.get("src")) for one in tree.iter("img")]


KEPT = [
    ("<b>a</b> <i>b</i> <u>c</u>", "<b>a</b> <i>b</i> <u>c</u>"),
    ("<center>a</center>b<section>c</section>", "<div>a</div>b<div>c</div>"),
    ("<font color=red>a</font>", "a"),
    ('<p class=MsoNormal style="margin:0"><span lang=RU>а<o:p></o:p></span></p>', "<p><span>а</span></p>"),
    ("<ul><li>1<li>2</ul>", "<ul><li>1</li><li>2</li></ul>"),
    ("<table border=0><tr><td>a", "<table><tbody><tr><td>a</td></tr></tbody></table>"),
    ("<table border=1><tr><td>a", '<table border="1"><tbody><tr><td>a</td></tr></tbody></table>'),
    ("<table><td colspan=2 bgcolor=red>a", '<table><tbody><tr><td colspan="2">a</td></tr></tbody></table>'),
    ("<table><td colspan=1000 rowspan=65534>a", "<table><tbody><tr><td>a</td></tr></tbody></table>"),
    ("a &amp; b &lt;i&gt; «ё»", "a &amp; b &lt;i&gt; «ё»"),
    ("a<script>b</script>c<style>d</style>e<title>f</title>", "ace"),
    ("<button>Да</button>", "Да"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "left"), KEPT)
def test_words_and_their_shape_are_kept(markup: str, left: str):
    assert shown(markup).markup == left


LINKS = [
    ('<a href="https://a.example/x">сюда</a>', "https://a.example/x", " [a.example]"),
    ('<a href="https://a.example/">a.example</a>', "https://a.example/", ""),
    ('<a href="https://a.example/">https://a.example</a>', "https://a.example/", ""),
    ('<a href="https://evil.example/">https://bank.example/</a>', "https://evil.example/", " [evil.example]"),
    ('<a href="https://bank.example@evil.example/">bank.example</a>', "https://evil.example/", " [evil.example]"),
    ('<a href="https://bank.example:p@evil.example/">x</a>', "https://evil.example/", " [evil.example]"),
    (r'<a href="https://evil.example\@bank.example/">x</a>', "https://evil.example/@bank.example/", " [evil.example]"),
    (r'<a href="https:\\evil.example/a?b=\">x</a>', "https://evil.example/a?b=\\", " [evil.example]"),
    ('<a href="https://EVIL.example:8443/">x</a>', "https://evil.example:8443/", " [evil.example]"),
    ('<a href="https://раypal.com">x</a>', "https://xn--ypal-43d9g.com", " [раypal.com (xn--ypal-43d9g.com)]"),
    ('<a href="https://ｅvil.example/">x</a>', "https://evil.example/", " [evil.example]"),
    ('<a href="mailto:a@b.example?bcc=c@d.example">пишите</a>', "mailto:a@b.example", " [a@b.example]"),
    ('<a href="tel:+78123631787">звоните</a>', "tel:+78123631787", " [+78123631787]"),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "address", "behind"), LINKS)
def test_a_link_says_where_it_leads(markup: str, address: str, behind: str):
    tree = html5lib.parseFragment(shown(markup).markup, namespaceHTMLElements=False)
    assert [one.get("href") for one in tree.iter("a")] == [address]
    assert [one.get("title") for one in tree.iter("a")] == [address]
    assert "".join("".join(one.itertext()) for one in tree.iter("small")) == behind


NOWHERE = [
    *(
        "https://",
        "https://%65vil.example/",
        "https://[::1]/",
        "https://a b/",
        "https://x:99999/",
        "https://a..example/",
    ),
    *("mailto:", "mailto:a@b\r\nBcc: c@d", "tel:alert(1)", "javascript:1", "", f"https://{'a' * 300}.example/"),
]
INSIDE = [
    *("http://127.0.0.1/", "http://10.1.2.3/", "http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://0/"),
    *("http://localhost:80/", "http://printer/", "http://nas.local/", "http://169.254.169.254/", "http://0177.0.0.1/"),
    "http://a.internal./",
]


@pytest.mark.parametrize("address", NOWHERE)
def test_what_leads_nowhere_known_is_no_link(address: str):
    assert target(address) is None


@pytest.mark.parametrize("address", INSIDE)
def test_the_inside_of_a_network_is_known(address: str):
    found = web(address)
    assert found is None or is_inside(found.host)


def test_pictures_from_elsewhere_are_stubs_and_then_come_from_the_named_hosts_only():
    markup = (
        '<img src="https://cdn.example/a.png" alt="Акция"><img src="https://cdn.example/b.png"><img src="//x/c.png">'
    )
    found = shown(markup)
    assert found.markup == "<mark>с cdn.example: Акция</mark><mark>с cdn.example</mark>"
    assert (found.hosts, found.origins, found.waiting) == (["cdn.example"], ["https://cdn.example"], 2)
    found = shown(markup, wants_pictures=True)
    assert (
        found.markup == '<img src="https://cdn.example/a.png" alt="Акция"><img src="https://cdn.example/b.png" alt="">'
    )


def test_trackers_and_our_own_pages_are_never_loaded():
    markup = '<img src="https://a.example/" width=1><img src="https://a.example/" height="0"><img src="https://desk.example/x">'
    found = shown(markup, wants_pictures=True, our_hosts=["desk.example"])
    assert found.markup == "<mark>внутри desk.example</mark>"
    assert found.waiting == 0


QUOTED = [
    "<blockquote>q</blockquote>",
    '<div class="gmail_quote"><div>wrote:</div><blockquote>q</blockquote></div>',
    '<div class="moz-cite-prefix">wrote:</div><blockquote type=cite>q</blockquote>',
    '<div class="yahoo_quoted">q</div>',
    '<div id="mail-app-auto-quote">q</div>',
    '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> x</div><div>q</div>',
    '<div id="x_divRplyFwdMsg">x</div><div>q</div>',
    '<span id="OLK_SRC_BODY_SECTION">q</span>',
    "<div><div><p><b>От:</b> Вася<br><b>Кому:</b> Петя<br><b>Тема:</b> x</p></div></div><p>q</p>",
    "<p>-----Original Message-----<br>From: x<br>Sent: y<br>Subject: z</p><p>q</p>",
]


@pytest.mark.parametrize("quoted", QUOTED)
def test_a_quotation_is_folded_into_one_and_kept(quoted: str):
    found = shown(f"<div><p>Новое</p>{quoted}</div>", has_quotation=True).markup
    new, fold, old = found.partition("<details><summary>Раньше</summary>")
    assert "Новое" in new
    assert fold
    assert ">q<" in old
    assert old.endswith("</details></div>")
    assert found.count("<details>") == 1
    assert "<details" not in shown(f"<p>Новое</p>{quoted}").markup


def test_answers_between_quotations_stay_in_sight():
    found = shown("<blockquote>1</blockquote>да<blockquote>2</blockquote>нет", has_quotation=True).markup
    assert found.count("<details>") == 2
    assert "</details>да<details>" in found


def test_where_all_is_quoted_the_fold_is_open():
    assert '<details open="">' in shown("<div><blockquote>всё</blockquote></div>", has_quotation=True).markup


@pytest.mark.trust("X2")
@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 190_000,
        "".join(f"<b class={number}><p>" for number in range(30_000)),
        "".join(f"<b class={number}>" for number in range(40_000)) + "<p>" * 40_000,
    ],
    ids=["deep", "aborts the parser", "swells"],
)
def test_a_bomb_ends_its_own_process_only(markup: str):
    assert made_safe(Task(markup, WORDS)).refusal == "heavy"
    assert made_safe(Task("<b>x</b>", WORDS)).markup == "<b>x</b>"


def test_too_long_and_too_many_links_are_refused():
    assert shown("x" * 1_000_000).refusal == "long"
    assert shown('<a href="https://a.example/">x</a>' * 5_001).refusal == "links"
    assert shown('<a href="https://a.example/">x</a>' * 5_000).refusal == ""
    assert shown(" \n").refusal == "nothing"
