"""YAML files: those that would run code, grow without bound or never end are refused."""

import time
import tracemalloc
from pathlib import Path

import pytest

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.settings.config import load_config, parse_config
from deeplift_genomics.settings.yaml_files import check_yaml

LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 40)
)
MERGES = "a0: &a0 {x: 1}\n" + "".join(
    f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 9)}]}}\n" for i in range(1, 40)
)
TAGS = (
    "!!python/object/apply:os.system ['touch pwned']",
    "!!python/object/new:subprocess.Popen [['touch', 'pwned']]",
    "!!python/name:os.system",
    "!!python/module:antigravity",
    "!!python/object/apply:subprocess.check_output [['touch', 'pwned']]",
)


@pytest.mark.parametrize("tag", TAGS)
def test_tags_of_python_run_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tag: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("config.yaml").write_text(f"results: {tag}\n")
    for read in (load_config, check_yaml):
        with pytest.raises(ConfigError, match="could not determine a constructor"):
            read("config.yaml")
    assert not Path("pwned").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (LAUGHS, r"the alias \*a0 is not read here; write the value itself"),
        (MERGES, r"the alias \*a0 is not read here"),
        ("a: &a [*a]\n", r"the alias \*a is not read here"),
        ("results: " + "[" * 5000 + "\n", "RecursionError"),
        ("results: " + "x" * 200_000 + "\n", "200010 bytes; expected at most 100000"),
        ("references: {seed: 0x" + "f" * 5000 + "}\n", "a number of more than 63 bits"),
        ("references: {seed: " + "9" * 5000 + "}\n", "is not valid YAML: ValueError"),
        ("results: 2001-99-99\n", "is not valid YAML: ValueError"),
        ("results: !!int ''\n", "is not valid YAML"),
        ("results: !!timestamp x\n", "is not valid YAML"),
        ("results: " + "[" * 30 + "]" * 30 + "\n", "1000 entries or 10 levels"),
        ("\n".join(f"k{i}: 1" for i in range(2000)), "1000 entries or 10 levels"),
    ],
    ids=range(12),
)
def test_bombs(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    begin = time.monotonic()
    with pytest.raises(ConfigError, match=message):
        load_config(path)
    assert time.monotonic() - begin < 10
    tracemalloc.start()  # which slows the reading
    try:
        with pytest.raises(ConfigError):
            load_config(path)
        assert tracemalloc.get_traced_memory()[1] < 200e6
    finally:
        tracemalloc.stop()


def test_what_snakemake_has_expanded_is_not_shown_in_full() -> None:
    """Check that aliases, one list in memory, do not fill a message as many texts."""
    level: object = ["x"] * 9
    for _ in range(40):
        level = [level] * 9
    with pytest.raises(ConfigError, match="1000 entries or 10 levels") as caught:
        parse_config({"results": level})
    assert len(str(caught.value)) < 1000
    circle: dict[str, object] = {}
    circle["regions"] = circle
    with pytest.raises(ConfigError, match="1000 entries or 10 levels"):
        parse_config(circle)


def test_long_values_are_shown_in_part() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config({"regions": {"per_shard": "x" * 50_000, **{f"k{i}": 1 for i in range(200)}}})
    assert len(str(caught.value)) < 20_000
    assert "and 151 more" in str(caught.value)
