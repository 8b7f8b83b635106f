"""The page of an evaluation says what its numbers say."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deeplift_genomics.cli import main
from deeplift_genomics.ranking.answers import figures, sentences
from deeplift_genomics.ranking.method_words import METHOD_WORDS
from deeplift_genomics.ranking.numbers import (
    BARRED,
    BEHIND,
    BEST,
    TIED,
    UNRANKED,
    TargetNumbers,
    Value,
    numbers_of,
)
from deeplift_genomics.ranking.page import write_ranking
from deeplift_genomics.ranking.shown import COLUMNS, DIRECTION, INTRODUCTIONS, MEANINGS, NOTES
from deeplift_genomics.ranking.table import leaders, ranking, seqlets
from deeplift_genomics.report.figure import FAIL, LOOK, PASS, UNKNOWN
from deeplift_genomics.report.terms import terms
from deeplift_genomics.scores.evaluations import read_evaluation, write_evaluation
from deeplift_genomics.settings.methods import METHODS
from deeplift_genomics.settings.metrics import METRICS, PARTS, RANDOM_ORDER
from tests.evaluation import made
from tests.report.example import Page

NAN = math.nan


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the made-up evaluation."""
    return made.write_made(tmp_path_factory.mktemp("evaluation"))


@pytest.fixture(scope="module")
def numbers(path: Path) -> TargetNumbers:
    """The numbers of its first target."""
    return numbers_of(read_evaluation(path))[0]


@pytest.fixture(scope="module")
def page(path: Path) -> Page:
    """Write and parse its page, by the command that the workflow gives."""
    output = path.with_name("evaluation.html")
    main(["trust", "--evaluation", str(path), "--output", str(output)])
    return Page(output)


def value(mean: float, x: float = NAN, behind: tuple[float, float, float] = (NAN,) * 3) -> Value:
    return Value(x, "", 9, mean, mean - 0.1, mean + 0.1, NAN, NAN, NAN, *behind)


def only(metric: str, **means: float | Value) -> TargetNumbers:
    """Return the numbers of an evaluation with one metric."""
    values = {
        name: [mean if isinstance(mean, Value) else value(mean)] for name, mean in means.items()
    }
    methods = {name: {"title": name.upper()} for name in means if name != RANDOM_ORDER}
    return TargetNumbers("counts", methods, {metric: values})


# --- standings ---------------------------------------------------------------------------------


def test_methods_that_cannot_be_told_from_the_best_are_as_good() -> None:
    found = only(
        "agreement",
        a=value(0.5, behind=(-0.3, -0.4, -0.2)),
        b=value(0.8),
        c=value(0.7, behind=(-0.1, -0.25, 0.05)),
        d=value(0.8, behind=(0, 0, 0)),
        e=NAN,
    )
    assert found.standing("agreement") == {
        "a": BEHIND, "b": BEST, "c": TIED, "d": TIED, "e": UNRANKED,
    }  # fmt: skip


def test_equal_numbers_without_intervals_are_as_good() -> None:
    """Known motifs are counted in all regions together: there is no interval of a difference."""
    found = only("known_motifs", a=2, b=2, c=1)
    assert found.standing("known_motifs") == {"a": BEST, "b": TIED, "c": BEHIND}


def test_few_regions_tell_nothing_apart() -> None:
    few = value(0.5, behind=(-0.3, -0.4, -0.2))._replace(n=4)
    assert only("agreement", a=few, b=0.8).standing("agreement") == {"a": TIED, "b": BEST}


def test_less_is_better_where_the_metric_says_so() -> None:
    found = only("seconds", a=1.0, b=value(3.0, behind=(2, 1, 3)))
    assert found.standing("seconds") == {"a": BEST, "b": BEHIND}
    assert set(only("motif_seqlets", a=1, b=2).standing("motif_seqlets").values()) == {UNRANKED}
    assert set(only("cascading", a=0.1, b=-0.2).standing("cascading").values()) == {UNRANKED}


@pytest.mark.parametrize(
    ("picked_by", "metric", "barred"),
    [
        ("deletion", "aopc", True),
        ("deletion", "comprehensiveness", True),
        ("deletion", "insertion_area", False),
        ("insertion", "insertion_area", True),
        ("insertion", "aopc", False),
        ("agreement", "agreement", True),
        ("", "aopc", False),
    ],
)
def test_a_method_is_barred_from_the_metric_that_picks_it(
    picked_by: str, metric: str, barred: bool
) -> None:
    found = only(metric, a=0.5, b=0.8)
    found = replace(found, methods={"a": {}, "b": {"picked_by": picked_by}})
    assert found.standing(metric)["b"] == (BARRED if barred else BEST)
    assert (found.standing(metric)["a"] == BEST) == barred


def test_bounds_are_never_ranked() -> None:
    found = only("aopc", a=0.2, **{RANDOM_ORDER: 0.9})
    assert found.standing("aopc") == {"a": BEST, RANDOM_ORDER: UNRANKED}


def test_the_table_has_those_first_that_are_good_most_often(numbers: TargetNumbers) -> None:
    rows = ranking(numbers)["rows"]
    assert [row["name"] for row in rows] == [
        "in_silico_mutagenesis", "deeplift", "integrated_gradients", "grad_cam", "gradient",
        "randomized_path_integration", RANDOM_ORDER,
    ]  # fmt: skip
    assert [(row["n_good"], row["n_ranked"]) for row in rows][:2] == [(4, 5), (3, 7)]
    assert leaders(numbers).endswith(": in-silico mutagenesis (4 of 5 columns).")
    assert rows[0]["cells"].keys() == set(COLUMNS) - {"agreement", "cascading", "seeds"}
    assert ranking(numbers)["barred"] == [("randomized path integration", "deletion")]


# --- the answer --------------------------------------------------------------------------------


def test_the_answer_in_sentences(numbers: TargetNumbers) -> None:
    assert sentences(numbers, made.ATTRIBUTES) == [
        "Replacing the top 5% of the bases, in the order of DeepLIFT, takes away 41% of what the "
        "prediction has beyond its references (0.733 of 1.8; 95% interval 0.696 to 0.769); the "
        "order of in-silico mutagenesis 45%, random order 4.5%.",
        "Its scores agree with those of in-silico mutagenesis at a rank correlation of 0.9 (95% "
        "interval 0.85 to 0.95).",
        "After all layers of the model are randomised, the scores keep a rank correlation of "
        "0.056: this is normal.",
        "This model needs about 330 references for an error of 1%; with 20, as here, it is 12%.",
    ]


def test_a_share_is_told_of_a_difference_that_is_there() -> None:
    whole = Value(1, "", 9, 0.1, -0.2, 0.4, *(NAN,) * 6)
    numbers = only("deletion", a=0)
    for found, begin in (
        (whole, "The prediction in these regions is not clearly above that of their references"),
        (whole._replace(low=0.05), "Replacing the top 5% of the bases, in the order of A, takes"),
        (whole._replace(n=1, low=NAN, high=NAN), "Replacing the top 5% of the bases"),
    ):
        curve = [found._replace(x=0.05, mean=0.05), found]
        (text,) = sentences(replace(numbers, values={"deletion": {"a": curve}}), {})
        assert text.startswith(begin) and "nan" not in text and "not defined" not in text


def test_the_layers_that_were_randomised_are_named_if_not_all() -> None:
    top, low = Value(1, "top", 9, 0.5, 0.4, 0.6, *(NAN,) * 6), value(0.2, x=2)
    numbers = replace(only("cascading", a=0, b=0), values={"cascading": {"a": [top]}})
    assert sentences(numbers, {})[0].startswith("After all layers of the model are randomised")
    numbers.values["cascading"]["b"] = [top, low]
    assert sentences(numbers, {})[0].startswith("After the layers down to top of the model are")


def test_an_evaluation_of_little_has_a_short_answer() -> None:
    found = only("seconds", a=1.0)
    assert sentences(found, {}) == [] and figures(found, {}) == [] and leaders(found) == ""
    assert seqlets(found) is None


@pytest.mark.parametrize(
    ("metric", "mean", "verdict"),
    [
        ("agreement", 0.4, PASS), ("agreement", 0.39, LOOK), ("agreement", 0.19, FAIL),
        ("agreement", NAN, UNKNOWN),
        ("site_auroc", 0.9, PASS), ("site_auroc", 0.8, LOOK), ("site_auroc", 0.7, FAIL),
        ("cascading", 0.1, PASS), ("cascading", -0.2, LOOK), ("cascading", -0.4, FAIL),
        ("reverse_complement", 0.8, PASS), ("reverse_complement", -0.3, LOOK),
        ("folds", 0.7, PASS), ("folds", 0.6, LOOK), ("folds", 0.4, FAIL),
    ],
)  # fmt: skip
def test_figures_have_the_verdicts_of_their_limits(metric: str, mean: float, verdict: str) -> None:
    (figure,) = figures(only(metric, a=mean), {})
    assert figure.verdict == verdict
    assert (figure.shown == "not defined") == (verdict == UNKNOWN)


@pytest.mark.parametrize(("seeds", "verdict"), [(0.5, PASS), (0.7, LOOK), (1.0, FAIL), (NAN, FAIL)])
def test_folds_are_judged_by_what_other_seeds_reach(seeds: float, verdict: str) -> None:
    found = only("folds", a=0.4)
    found = replace(found, values={**found.values, "seeds": {"a": [value(seeds)]}})
    (figure,) = figures(found, {})
    assert figure.verdict == verdict


def test_more_than_all_is_said_so() -> None:
    curve = [value(1.3, x=0.05), value(1.2, x=1)]
    found = replace(only("deletion", a=1), values={"deletion": {"a": curve}})
    (text,) = sentences(found, {})
    assert "takes away all, or more, of what the prediction has" in text


@pytest.mark.parametrize(
    ("own", "low", "high", "verdict"),
    [(0.9, 0.1, 1.1, PASS), (0.6, 0.1, 1.1, LOOK), (0.2, 0.1, 1.1, FAIL), (1, 1, 1, UNKNOWN)],
)
def test_faithfulness_is_judged_between_its_bounds(
    own: float, low: float, high: float, verdict: str
) -> None:
    found = only("comprehensiveness", a=own, in_silico_mutagenesis=high, **{RANDOM_ORDER: low})
    (figure,) = figures(found, {})
    assert figure.verdict == verdict
    assert figures(only("comprehensiveness", a=own), {}) == []  # without bounds


@pytest.mark.parametrize(
    ("error", "verdict"), [(0.32, PASS), (0.4, LOOK), (0.6, FAIL), (NAN, UNKNOWN)]
)
def test_references_are_judged_by_the_number_that_was_used(error: float, verdict: str) -> None:
    found = only("reference_error", a=0.9)
    curve = [value(0.9, x=1), value(error, x=20)]
    found = replace(found, values={"reference_error": {"a": curve}})
    (figure,) = figures(found, {"reference_number": 20})
    assert figure.verdict == verdict
    assert figures(found, {"reference_number": 5}) == []  # not measured there
    assert figures(found, {}) == []


def test_limits_are_those_of_the_document() -> None:
    text = (Path(__file__).parents[2] / "docs" / "methods.md").read_text()
    section = text.split("\n### Verdicts of the evaluation\n")[1].split("\n#")[0]
    rows = [line.split("|") for line in section.splitlines() if line.startswith("| ")][1:]
    told = {cells[1].strip(): re.findall(r"[\d.]+", cells[3] + cells[4]) for cells in rows}
    found = replace(
        only("comprehensiveness", a=0.5, in_silico_mutagenesis=1.0, **{RANDOM_ORDER: 0.0}),
        values={
            **only("comprehensiveness", a=0.5, in_silico_mutagenesis=1, random_order=0).values,
            "reference_error": {"a": [value(0.5, x=20)]},
            **{
                name: {"a": [value(0.5)]}
                for name in ("agreement", "site_auroc", "cascading", "reverse_complement", "folds")
            },
        },
    )
    judged = figures(found, {"reference_number": 20})
    assert told == {figure.name: re.findall(r"\d[\d.]*\d|\d", figure.details) for figure in judged}


# --- the page ----------------------------------------------------------------------------------


def test_the_page_shows_the_numbers_of_both_targets(page: Page) -> None:
    assert page.values["figure-known-sites"] == ["0.9", "0.9"]
    assert "good" in page.texts and "best" in page.texts["metric-comprehensiveness"]
    assert "– not ranked" in page.texts["metric-comprehensiveness"]
    assert page.texts["barred"].count("randomized path integration picks its scores") == 2
    parts = [found["data-part"] for _, found in page.tags if "data-part" in found]
    assert parts == ["counts", "profile"] * (len(parts) // 2)
    headings = page.by_tag["h2"]
    assert headings == ["Answer", "Ranking", *PARTS.values(), "What was run", "Glossary"]
    assert set(page.by_tag["h4"]) >= {METRICS[name].title for name in METRICS} - {
        "Seqlets of known motifs"
    }


def test_every_drawing_tells_its_numbers(page: Page) -> None:
    labels = [found["aria-label"] for tag, found in page.tags if tag == "svg"]
    dots = [label for label in labels if label.startswith("Agreement (counts), rank correlation: ")]
    assert len(dots) == 1 and "DeepLIFT 0.9 (0.855 to 0.945); gradient 0.5" in dots[0]
    assert any(
        label.startswith("DeepLIFT, layers randomised from the top (counts): 0.45")
        and label.endswith("at layers randomised conv_1")
        for label in labels
    )


def test_every_word_with_an_entry_has_one(page: Page) -> None:
    links = {found["href"][1:] for tag, found in page.tags if found.get("class") == "term"}
    ids = {found["id"] for _, found in page.tags if "id" in found}
    assert links and links <= ids
    assert {term.id for term in terms() if term.on_evaluation} <= ids


def test_one_target_has_no_switch_and_few_parts_few_sections(tmp_path: Path) -> None:
    rows = [
        row for row in made.rows(["counts"]) if row[2] in ("seconds", "agreement", "motif_seqlets")
    ]
    attributes = {"methods": '{"deeplift": {"title": "DeepLIFT"}}'}
    path = tmp_path / "evaluation.h5"
    write_evaluation(path, tmp_path / "evaluation.tsv", attributes, rows)
    write_ranking(path, tmp_path / "page.html")
    page = Page(tmp_path / "page.html")
    assert not [found for tag, found in page.tags if found.get("data-switch") == "part"]
    assert page.by_tag["h2"] == [
        "Answer", "Ranking", PARTS["agreement"], PARTS["motifs"], PARTS["cost"], "What was run",
        "Glossary",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("length", "options", "told"),
    [
        (600, {}, ""),
        (2114, {}, "857 to 1,257 of windows of 2,114"),
        (60, {"span": [0, 9]}, "0 to 9 of w"),
    ],
)
def test_bases_without_mutagenesis_are_told(
    tmp_path: Path, length: int, options: dict[str, Any], told: str
) -> None:
    rows = [row for row in made.rows(["counts"]) if row[2] == "aopc"]
    methods = json.dumps({"in_silico_mutagenesis": {"title": "ISM", "options": options}})
    path = tmp_path / "evaluation.h5"
    attributes = {"methods": methods, "window_length": length}
    write_evaluation(path, tmp_path / "evaluation.tsv", attributes, rows)
    write_ranking(path, tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text()
    assert ("It has computed the bases" in text) == bool(told) and told in text


def test_names_that_look_like_html_and_numbers_that_are_none(tmp_path: Path) -> None:
    names = {"deeplift": "<b>bold</b>", "gradient": "gradient"}
    rows = [
        (*row[:4], row[4] and "</script><i>", row[5], *(math.nan for _ in row[6:]))
        if row[1] == "gradient"
        else row
        for row in made.rows(["logit:a/b[1]", "counts[0]-counts[1]"])
        if row[1] in names
    ]
    attributes = {"methods": json.dumps({name: {"title": text} for name, text in names.items()})}
    path = tmp_path / "evaluation.h5"
    write_evaluation(path, tmp_path / "evaluation.tsv", attributes, rows)
    write_ranking(path, tmp_path / "page.html", title="</title><i>")
    page = Page(tmp_path / "page.html")
    assert "i" not in page.by_tag and "b" not in page.by_tag
    assert (
        "<b>bold</b>" in "".join(page.by_tag["th"])
        and "not defined" in page.texts["metric-comprehensiveness"]
    )


def test_an_empty_evaluation_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "evaluation.h5"
    write_evaluation(path, tmp_path / "evaluation.tsv", {"methods": "{}"}, [])
    with pytest.raises(SystemExit) as stop:
        main(["trust", "--evaluation", str(path), "--output", str(tmp_path / "page.html")])
    assert stop.value.code == 1
    assert "has no numbers, so there is nothing to rank" in capsys.readouterr().err
    assert not (tmp_path / "page.html").exists()


# --- tables ------------------------------------------------------------------------------------


def test_every_method_has_a_sentence() -> None:
    assert set(METHODS) <= set(METHOD_WORDS)
    assert all(words.endswith(".") for words in METHOD_WORDS.values())


def test_what_is_shown_is_of_metrics_that_exist() -> None:
    assert {*COLUMNS, *MEANINGS, *NOTES} <= set(METRICS)
    assert set(INTRODUCTIONS) == set(PARTS)
    assert {metric.better for metric in METRICS.values()} <= set(DIRECTION)
    assert {METRICS[name].part for name in COLUMNS} == set(PARTS)
