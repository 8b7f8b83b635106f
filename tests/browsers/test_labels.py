"""Texts of people as labels and names of tracks."""

import pytest

from deeplift_genomics.browsers.labels import Names, ascii_label, one_line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\tc  d", "a b c d"),
        ("a\u2028b\u0085c", "a b c"),
        ("a\x00\x08b\ufffe", "ab"),
        ("right\u202eto\u200fleft\u2066", "righttoleft"),
        ("ZNF143 日本 é", "ZNF143 日本 é"),
        ("\n\u200b", ""),
    ],
)
def test_a_text_on_one_line(text: str, expected: str) -> None:
    assert one_line(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("K562 CTCF", "K562 CTCF"),
        ("Zürich", "Zurich"),
        ("ends with \\", "ends with"),
        ("a\\\nb", "a b"),
        ("</script><b>", "/script b"),
        ('say "it"', "say 'it'"),
        ("日本", "k562"),
        ("…", "k562"),
        ("", "k562"),
        ("x" * 10_000, "x" * 14 + "..."),
        ("seventeen letters", "seventeen letters"),
    ],
)
def test_a_label_of_a_hub(text: str, expected: str) -> None:
    assert ascii_label(text, 17, "k562") == expected


def test_names_are_words_and_differ() -> None:
    names = Names()
    given = [("a.b", "x"), ("a-b", "x"), ("A_B", "x"), ("1",), ("é",), ("a" * 200,), ("a" * 199,)]
    found = [names.new(*parts) for parts in given]
    assert found[:5] == ["a_b_x", "a_b_x_2", "A_B_x_3", "t_1", "t__"]
    assert len({name.lower() for name in found}) == len(found)
    assert all(name.isascii() and name.replace("_", "a").isalnum() for name in found)
    assert max(map(len, found)) < 90
