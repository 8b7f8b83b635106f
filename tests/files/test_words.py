"""Long lists and long texts in messages."""

from deeplift_genomics.files.words import first_few, shortened


def test_the_first_few_names() -> None:
    assert first_few([]) == ""
    assert first_few({"a": 1, "b": 2}) == "a, b"
    assert first_few("abcde") == "a, b, c, d, e"
    assert first_few("abcdef") == "a, b, c, d, e and 1 more"
    assert first_few("abcdef", 2) == "a, b and 4 more"


def test_a_long_text_ends_in_dots() -> None:
    assert shortened("1234", 4) == "1234"
    assert shortened("12345", 4) == "1234..."
