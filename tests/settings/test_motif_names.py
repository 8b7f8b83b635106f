"""The user's names of motifs: which keys and names are read, and what is said of others."""

import pytest

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.settings.config import parse_config
from deeplift_genomics.settings.motif_names import (
    PatternKey,
    as_name,
    names_for,
    pattern_key,
    unknown_patterns,
)

ROWS = [
    {"sample": "k562", "heads": "counts, profile"},
    {"sample": "HeLa S3", "heads": "logit:a/b[1],counts[0]-counts[1]"},
]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("k562/counts/pos_0", PatternKey("k562", "counts", "pos_0")),
        ("HeLa S3/logit:a/b[1]/neg_12", PatternKey("HeLa S3", "logit:a/b[1]", "neg_12")),
        ("s/counts[0] - counts[1]/pos_3", PatternKey("s", "counts[0]-counts[1]", "pos_3")),
        ("MA0139.2", None),
        ("CTCF(Zf)/CD4+-CTCF-ChIP-Seq(Barski_et_al.)/Homer", None),
        ("CTCF.H12CORE.0.P.B", None),
        ("k562/counts/pos_01", None),
    ],
)
def test_keys(key: str, expected: PatternKey | None) -> None:
    assert pattern_key(key) == expected


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        ({"k562/counts/pos_0": "my factor"}, "has the name 'my factor'; expected one word of"),
        ({"k562/counts/pos_0": "my factor"}, "such as 'my_factor'"),
        ({"MA0139.2": ""}, "'MA0139.2' has the name ''; expected one word"),
        ({"MA0139.2": "a/b"}, "such as 'a_b'"),
        ({"MA0139.2": "<script>"}, "has the name '<script>'"),
        ({"MA0139.2": "x\ty"}, r"has the name 'x\ty'"),
        ({"MA0139.2": "{sample}"}, "has the name '{sample}'"),
        ({"MA0139.2": "$(rm)"}, "has the name '$(rm)'"),
        ({"MA0139.2": "..."}, "has the name '...'"),
        ({"MA0139.2": "x" * 61}, "of at most 60 letters"),
        ({"MA0139.2": 7}, "'motif_names.MA0139.2' is 7; expected a text"),
        ({"MA0139.2": None}, "'motif_names.MA0139.2' is empty; expected a text"),
        ({"": "x"}, "the key ''; expected SAMPLE/TARGET/PATTERN"),
        ({"a\nb": "x"}, r"the key 'a\nb'; expected SAMPLE/TARGET/PATTERN"),
        ({"pos_0": "x"}, "the key 'pos_0' names no pattern; expected SAMPLE/TARGET/PATTERN"),
        ({"k562/counts/pos_00": "x"}, "the key 'k562/counts/pos_00' names no pattern"),
        ({"k562/counts/pattern_0": "x"}, "the key 'k562/counts/pattern_0' names no pattern"),
        (
            {"a/counts[0]-counts[1]/pos_0": "x", "a/counts[0] - counts[1]/pos_0": "y"},
            "is the same pattern as 'a/counts[0]-counts[1]/pos_0'; write it once",
        ),
        (["x"], "'motif_names' is ['x']; expected"),
    ],
)
def test_what_cannot_be_read_is_refused(names: object, complaint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config({"motif_names": names})
    assert complaint in str(caught.value)


@pytest.mark.parametrize("text", ["my factor", "a/b", "x\ty", "CTCF(Zf)/Homer", "é ü", "x" * 100])
def test_the_name_that_is_advised_is_accepted(text: str) -> None:
    assert parse_config({"motif_names": {"MA0139.2": as_name(text)}}).motif_names


def test_patterns_of_other_samples_and_targets_are_unknown() -> None:
    names = {
        "k562/counts/pos_0": "a",
        "HeLa S3/counts[0] - counts[1]/pos_0": "b",
        "MA0139.2": "c",
        "K562/counts/pos_0": "d",
        "k562/logit[0]/pos_0": "e",
    }
    assert list(unknown_patterns(names, ROWS)) == [
        "'K562/counts/pos_0': no sample is called 'K562'; there is k562",
        "'k562/logit[0]/pos_0': sample 'k562' has no target 'logit[0]'; its targets are "
        "counts, profile",
    ]


def test_a_sample_gets_its_own_names() -> None:
    names = {"k562/counts/pos_0": "a", "x/counts/pos_0": "b", "MA0139.2": "c"}
    assert names_for(names, "k562") == {"k562/counts/pos_0": "a", "MA0139.2": "c"}
