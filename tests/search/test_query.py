"""What is typed is understood, whatever it is."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search import index, lemmas, words
from app.search.pieces import Marker
from app.search.query import typed


@pytest.mark.parametrize(
    "text",
    ["482173", " 482 173 ", "№482173", "№ 482-173", "#482173", "[#482173]", "заявка 482173", "Заявка № 482 173",
     "482.173", "482–173", "request #482173", "ticket 482173.", "номер 482173"],
)  # fmt: skip
def test_a_number_in_any_spelling(text: str):
    assert typed(text).number == "482173"


@pytest.mark.parametrize(
    "text", ["", "4821", "принтер 482173", "482173 и 482174 не те", "1234567890123", "№", "٤٨٢١٧٣"]
)
def test_what_is_no_number(text: str):
    assert typed(text).number == ""


@pytest.mark.parametrize(
    "text", ["8 (812) 363-17-87", "+7 812 3631787", "88123631787", "812 363 17 87", "+7(812)363-17-87"]
)
def test_a_phone_in_any_spelling(text: str):
    assert typed(text).phone == "+78123631787"
    assert words.phone(text) == words.phone("+78123631787") == "_p8123631787"


@pytest.mark.parametrize("text", ["493-79-19", "принтер 8 812 363 17 87", "12"])
def test_what_is_no_phone(text: str):
    assert typed(text).phone == ""


def test_an_address():
    assert typed(" Carol@Neva-Trade.example ").email == "carol@neva-trade.example"
    assert typed("<carol@neva.example>").email == "carol@neva.example"
    assert typed("пишет carol@neva.example").email == ""


def test_words_are_folded_alike_on_both_sides():
    assert words.words("Ёлка, HP-1020: «Счёт» ЙОГУРТ") == ["елка", "hp", "1020", "счет", "йогурт"]
    assert words.words("й") == words.words("й")  # и with a mark, as file names of a Mac have it
    assert list(words.exact("звоните 8 (812) 363-17-87 или Ivan@Neva.example, ИНН 12")) == [
        "_p8123631787",
        "_eivan_neva_example",
    ]


@pytest.mark.parametrize(
    ("form", "lemma"),
    [("принтеры", "принтер"), ("принтерами", "принтер"), ("заявок", "заявка"), ("печатает", "печатать"),
     ("печатал", "печатать"), ("печати", "печать"), ("ошибок", "ошибка"), ("кассы", "касса"), ("мыла", "мыть"),
     ("printers", "printer"), ("printing", "print"), ("crashes", "crash"), ("mice", "mous"), ("broken", "break"),
     ("1с", "1с"), ("x", "x")],
)  # fmt: skip
def test_lemmas(form: str, lemma: str):
    assert lemma in lemmas.lemmas(form)


@given(st.text(max_size=300) | st.text("\"'*()&|!:<>^-+ \\{}%_@.№#0123456789абвAND OR NOT NEAR\0\n", max_size=80))
def test_any_text_is_a_search(text: str):
    asked = typed(text)
    assert len(asked.words) <= 10
    for word, _chunk in asked.words:
        assert word.isalnum(), word
        assert len(lemmas.lemmas(word)) >= 1
    Marker([{word} for word, _chunk in asked.words]).piece([text])


_INDEX = sqlite3.connect(":memory:", check_same_thread=False)
_INDEX.execute("CREATE VIRTUAL TABLE t USING fts5(words, detail=none, tokenize=\"ascii tokenchars '_'\")")


@pytest.mark.trust("I5")
@given(
    st.lists(
        st.lists(st.text(min_size=1, max_size=20).map(lambda t: "".join(words.words(t)) or "x"), min_size=1), min_size=1
    )
)
def test_no_word_is_syntax_of_fts5(groups: list[list[str]]):
    _INDEX.execute("SELECT rowid FROM t WHERE t MATCH ?", (index.fts5(groups),)).fetchall()


@given(st.text(max_size=400), st.sets(st.text("абвгёй", min_size=1, max_size=4), max_size=5))
def test_pieces_lose_no_letter(text: str, forms: set[str]):
    parts = Marker([{words.folded(form) for form in forms}]).marked(text)
    import unicodedata

    assert "".join(piece for piece, _is_marked in parts) == unicodedata.normalize("NFC", text)


def test_the_piece_is_around_the_words():
    marker = Marker([{"принтер", "принтеры"}, {"бумага", "бумагу"}])
    text = "Здравствуйте! " * 30 + "Зажёвывает бумагу, ПРИНТЕРЫ оба новые. " + "Спасибо. " * 30
    found = marker.piece(["принтер", text])
    assert found is not None
    place, piece = found
    assert (place, piece.worth) == (1, 2)
    assert [text for text, is_marked in piece.parts if is_marked] == ["бумагу", "ПРИНТЕРЫ"]
    assert piece.parts[0] == piece.parts[-1] == ("…", False)
    assert marker.piece(["ни слова"]) is None
    assert Marker([]).marked("<b>") == [("<b>", False)]
