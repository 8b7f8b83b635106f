"""The page docs/performance.md: it is written from the stored results, and parts stand alone."""

import os
import re
import sys
from pathlib import Path

import pytest

from benchmarks.attribution import __main__ as benchmark
from benchmarks.attribution import cost, goals
from benchmarks.attribution.cases import BY_NAME, CASES, LARGE, YARDSTICK
from benchmarks.attribution.environments import COMPLETE, PEERS, REQUIREMENTS, MissingPython
from benchmarks.attribution.environments import find_python as find
from benchmarks.attribution.made import Made
from benchmarks.attribution.measure import Row, Table
from benchmarks.attribution.page import NAMES, render
from benchmarks.attribution.probes import PROBES
from benchmarks.attribution.stored import PARTS, Probe, Results, read, store
from benchmarks.attribution.team import own_cores
from benchmarks.attribution.words import ABOUT, HEADINGS, OBSTACLES
from tests.conftest import ROOT

MADE = Made("2026-01-02", "abc1234", "a processor; 2 cores")


def table(case: str, seconds: float, peers: dict[str, float], work: int = 1) -> Table:
    rows = [Row("ours", [seconds] * 3, [seconds] * 3)]
    rows += [Row(name, [s] * 3, [s] * 3, [s / seconds] * 3) for name, s in peers.items()]
    versions = {"ours": {"keras": "3"}}
    return Table(case, 1, 1, rows, [0.5], [1e9], {}, versions, work, 4 * work, MADE)


def some() -> Results:
    tables = {
        "bpnet64": [table("bpnet64", 0.36, {"bpreveal": 1.8, "tangermeme": 3.6})],
        "bpnet512": [table("bpnet512", 3.6, {"tangermeme": 36.0})],
    }
    return Results(tables, {})


def test_the_page_is_written_from_the_stored_results() -> None:
    assert benchmark.PAGE.read_text("utf-8") == render(read())
    assert benchmark.GOALS.read_text("utf-8") == goals.page(read())


def test_the_readme_has_the_figure_of_the_fastest_peer() -> None:
    text = benchmark.README.read_text("utf-8")
    assert cost.in_readme(text, read()) == text
    assert len(re.findall(cost.FIGURE, text)) == len(re.findall(r"times\s+as\s+fast", text)) == 1


def test_the_tutorial_has_the_cost_of_a_chrombpnet_without_bias() -> None:
    text = " ".join((ROOT / "docs" / "tutorial.md").read_text("utf-8").split())
    told = re.findall(r"512 filters\..*? (\S+) peaks and both targets take (\S+) core-hours", text)
    (case,) = (case for case in CASES if case.name == "bpnet512")
    found = read().table(case.name, 1)
    assert found
    assert told == [(f"{cost.PEAKS:,}", cost.in_words(cost.cost(case, found).ours))]


def test_the_headline_is_of_the_fastest_peer() -> None:
    found = "5.0 times as fast as BPReveal, the fastest of four other programs"
    assert cost.headline(some()) == found
    old = "with us: 6.1 times as\n  fast as shap, the fastest of\n  four other programs."
    assert cost.in_readme(old, some()) == old  # captum and shap were left out
    slow = table("bpnet64", 0.36, {"bpreveal": 1.8, "tangermeme": 3, "captum": 3, "shap": 3})
    new = cost.in_readme(old, Results({"bpnet64": [slow]}, {}))
    assert new == f"with us: {found}."


def test_each_goal_that_is_not_reached_has_its_obstacle() -> None:
    assert {goal.name for goal in goals.goals(read())} == set(OBSTACLES)
    text = goals.page(some())
    assert "| 64 filters: BPReveal over ours | 5.00 |  | ≥ 8, then 10 | not reached |" in text
    assert "- 64 filters: BPReveal over ours: " in text
    assert "| 512 filters: tangermeme over ours | 10.00 | – | ≥ 9.5 | reached |" in text
    assert "- 512 filters: tangermeme over ours" not in text


def test_each_case_and_each_peer_has_its_words() -> None:
    assert set(ABOUT) == set(HEADINGS) == set(BY_NAME)
    assert {peer for case in CASES for peer in case.peers} == set(PEERS) < set(NAMES)
    for peer in PEERS:
        pins = (REQUIREMENTS / f"{peer}.txt").read_text().splitlines()
        assert any(line.startswith(f"{peer}==") for line in pins)
    assert set(COMPLETE) < set(PEERS)


@pytest.mark.parametrize(
    ("case", "seconds", "peer", "expected"),
    [
        (YARDSTICK, 0.36, 1.8, (100.0, 125.0)),  # 0.36 s with fewer references: 4 times the work
        (LARGE, 3.6, 36.0, (1000.0, 12500.0)),  # peers with 4 references: 5 times the time
    ],
)
def test_costs(case: object, seconds: float, peer: float, expected: tuple[float, float]) -> None:
    found = cost.cost(case, table(case.name, seconds, {"tangermeme": peer}))
    assert (found.ours, found.peers["tangermeme"]) == pytest.approx(expected)
    assert found.peers["bpreveal"] is None


@pytest.mark.parametrize(
    ("number", "text", "time"),
    [
        (0.42, "0.4", "25 minutes"),
        (1.2, "1", "72 minutes"),
        (16.8, "17", "17 hours"),
        (972.0, "970", "40 days"),
        (5284.0, "5,280", "220 days"),
    ],
)
def test_hours_in_words(number: float, text: str, time: str) -> None:
    assert cost.in_words(number) == text
    assert cost.duration(number) == time


def test_parts_keep_their_circumstances(tmp_path: Path) -> None:
    """A part that is measured anew leaves the others as they are."""
    for name, tables in some().tables.items():
        store(name, tables, tmp_path)
    later = Made("2026-03-04", "def5678", "another; 8 cores", trial=True)
    values = {"weights": [1_000_000, 2_000_000], "peaks": [1e9, 1.01e9], "copies": 2.5}
    store("weights", Probe("weights", values, later), tmp_path)
    page = " ".join(render(read(tmp_path)).split())
    assert page.count("Measured on 2026-01-02 at abc1234 on machine A.") == 2
    assert "Measured on 2026-03-04 at def5678 on machine B. **A trial run" in page
    assert "- A: a processor; 2 cores." in page and "2.5 copies of the weights" in page


def test_a_disturbed_table_is_marked() -> None:
    results = some()
    assert "Disturbed" not in render(results).replace("`--disturbed`", "")
    results.tables["bpnet64"][0].others = 0.4
    assert "**Disturbed**" in render(results)


def test_a_part_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture) -> None:
    assert benchmark.names_of("bpnet64, start") == ["bpnet64", "start"]
    with pytest.raises(Exception, match="no part 'bpnet'; there are bpnet64, bpnet512"):
        benchmark.names_of("bpnet")
    assert set(PARTS) == set(BY_NAME) | set(PROBES)


def test_parts_need_the_environments_of_their_own_peers_only() -> None:
    assert benchmark.peers_of(["attention", "start"]) == ["tangermeme"]
    assert benchmark.peers_of(["start"]) == []


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an empty folder the only place where programs are looked for."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return tmp_path


VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"


def test_a_missing_python_is_named_with_what_to_do(nothing: Path) -> None:
    with pytest.raises(MissingPython) as missing:
        find("3.12", "bpreveal")
    assert "bpreveal needs Python 3.12, and there is no python3.12 on PATH" in str(missing.value)
    assert "--without bpreveal" in str(missing.value)


def test_the_advice_helps(nothing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python in a folder on PATH, or in pyenv, is found; the peer can be left out."""
    shim = nothing / f"python{VERSION}"
    shim.write_text("#!/bin/sh\nexit 127\n")  # of pyenv, for a version that is not active
    shim.chmod(0o755)
    inside = nothing / "pyenv" / "versions" / f"{VERSION}.1" / "bin"
    inside.mkdir(parents=True)
    (inside / f"python{VERSION}").symlink_to(sys.executable)
    assert find(VERSION, "bpreveal") == inside / f"python{VERSION}"
    folder = nothing / "conda"
    folder.mkdir()
    (folder / f"python{VERSION}").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", f"{nothing}{os.pathsep}{folder}")
    assert find(VERSION, "bpreveal") == folder / f"python{VERSION}"
    monkeypatch.setattr(sys, "argv", ["benchmark", "--without", "bpreveal"])
    assert benchmark.arguments().without == ["bpreveal"]


def test_processes_have_cores_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {7, 2, 5})
    assert [own_cores(number, 1) for number in range(3)] == [[2], [5], [7]]
    assert own_cores(0, 3) == [2, 5, 7]


def test_the_makefile_measures_single_parts() -> None:
    assert "--only $(ONLY)" in (ROOT / "Makefile").read_text("utf-8")
