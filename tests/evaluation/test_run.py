"""An evaluation of a small model: what it holds, in one part or in several."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics.cli import main
from deeplift_genomics.errors import InputError
from deeplift_genomics.evaluation.merge import summarise, without_barred
from deeplift_genomics.evaluation.numbers import Number, read_numbers
from deeplift_genomics.evaluation.randomised import OpenModel, layers_of
from deeplift_genomics.evaluation.sanity import levels_of
from deeplift_genomics.evaluation.scored import (
    Batch,
    Scorer,
    chosen_of,
    described_methods,
    with_method,
)
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.scores.evaluations import Evaluation, read_evaluation
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.metrics import METRICS, RANDOM_ORDER
from deeplift_genomics.windows.file import Windows, write_windows
from tests.attribution.models import randomise as with_weights

LENGTH, N = 40, 5


def small(seed: int) -> keras.Model:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(4, 5, activation="relu", name="low")(x0)
    x = layers.Conv1D(4, 3, activation="relu", name="middle")(x)
    x = layers.GlobalAveragePooling1D()(x)
    return with_weights(keras.Model(x0, layers.Dense(1, name="top")(x)), seed)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return two folds, windows, known sites, and the evaluation in one part and in two."""
    folder = tmp_path_factory.mktemp("evaluation")
    found = {name: folder / name for name in ("a.keras", "b.keras", "windows.h5", "sites.bed")}
    small(3).save(found["a.keras"])
    small(4).save(found["b.keras"])
    texts = {name: np.array(["c"] * N, object) for name in ("chrom", "name", "strand")}
    start, rng = np.arange(N) * 100, np.random.default_rng(0)
    windows = Windows(
        **texts, start=start, end=start + LENGTH, summit=start + LENGTH // 2,
        codes=rng.integers(0, 4, (N, LENGTH)).astype(np.int8),
        attributes={"window_length": LENGTH},
    )  # fmt: skip
    write_windows(found["windows.h5"], windows)
    found["sites.bed"].write_text("".join(f"c\t{a + 18}\t{a + 24}\n" for a in start[:3]))
    for n in (1, 2):
        shards = [folder / f"{i}-of-{n}.h5" for i in range(1, n + 1)]
        for i, shard in enumerate(shards, 1):
            evaluate(found, shard, "--shard", f"{i}-of-{n}")
        found[f"{n}.h5"] = folder / f"{n}.evaluation.h5"
        table = folder / f"{n}.tsv"
        found[f"{n}.tsv"] = table
        arguments = ["assess", *map(str, shards), "--output", str(found[f"{n}.h5"])]
        main([*arguments, "--table", str(table)])
    found["shard"] = folder / "2-of-2.h5"
    return found


def evaluate(files: dict[str, Path], output: Path, *more: str) -> None:
    arguments = ["evaluate", str(files["a.keras"]), str(files["b.keras"]), "--targets", "logit[0]"]
    arguments += ["--windows", str(files["windows.h5"]), "--truth", str(files["sites.bed"])]
    settings = ["methods=deeplift,gradient", "regions=4", "retested=2", "draws=2", "seeds=1"]
    arguments += [f"--evaluation.{text}" for text in settings]
    arguments += ["--references.number=4", "--output", str(output)]
    main([*arguments, *more])


def test_the_numbers_do_not_depend_on_the_split(files: dict[str, Path]) -> None:
    one, two = (read_evaluation(files[f"{n}.h5"]) for n in (1, 2))
    timed = set(one.table["metric"]) & {"seconds", "memory"}
    assert timed == {"seconds", "memory"}
    kept = [of.table[~of.table["metric"].isin(timed)].reset_index(drop=True) for of in (one, two)]
    assert kept[0].equals(kept[1])
    assert one.attributes == two.attributes and one.methods == two.methods


def row(found: Evaluation, method: str, metric: str, x: float | None = None) -> dict:
    table = found.table
    some = table[(table["method"] == method) & (table["metric"] == metric)]
    some = some if x is None else some[some["x"] == x]
    assert len(some) == 1, (method, metric, x)
    return some.iloc[0].to_dict()


def test_what_an_evaluation_holds(files: dict[str, Path]) -> None:
    found = read_evaluation(files["1.h5"])
    methods, table = set(found.methods), found.table
    assert {"deeplift", "gradient"} <= methods
    assert set(table["method"]) == methods | {RANDOM_ORDER}
    left_out = {"motif_seqlets"}
    left_out |= set() if "in_silico_mutagenesis" in methods else {"agreement"}
    assert set(table["metric"]) == set(METRICS) - left_out
    assert row(found, "deeplift", "aopc")["n"] == 4
    assert row(found, "deeplift", "shift", 2)["n"] == 2
    assert row(found, "deeplift", "site_auroc")["n"] == 2 or table["n"].max() == 4
    for method in ("gradient", RANDOM_ORDER):
        other, first = (row(found, name, "aopc") for name in (method, "deeplift"))
        assert other["difference"] == pytest.approx(other["mean"] - first["mean"])
        assert other["difference_low"] <= other["difference"] <= other["difference_high"]
    assert np.isnan(row(found, "deeplift", "aopc")["difference"])
    assert row(found, "deeplift", "deletion", 0)["mean"] == 0
    ends = [row(found, name, "insertion", 1)["mean"] for name in ("gradient", RANDOM_ORDER)]
    assert ends[0] == ends[1]
    levels = table[(table["method"] == "deeplift") & (table["metric"] == "cascading")]
    assert levels["level"].tolist() == ["top", "middle", "low"]
    assert found.attributes["n_regions"] == 4 and found.attributes["n_windows"] == N
    assert found.attributes["n_retested"] == 2
    assert found.attributes["n_sites"] == 3 and found.attributes["n_folds"] == 2


def test_random_weights_are_the_trained_ones_in_another_order() -> None:
    model = from_keras(small(3))
    found = layers_of(model, list(model.frozen.outputs.values()))
    assert list(found) == ["top", "middle", "low"]
    opened = OpenModel(model, [name for names in found.values() for name in names])
    values = {name: value.numpy() for name, value in opened.model.frozen.weights.items()}
    opened.randomise(found["middle"], seed=1)
    for layer, names in found.items():
        now = {name: opened.model.frozen.weights[name].numpy() for name in names}
        assert any((values[name] != now[name]).any() for name in names) == (layer == "middle")
    kernel = max(found["middle"], key=lambda name: values[name].size)
    changed = opened.model.frozen.weights[kernel].numpy()
    assert sorted(values[kernel].ravel()) == sorted(changed.ravel())
    assert [level.metric for level in levels_of(found)] == ["cascading", "independent"] * 3
    assert levels_of(found)[2].constants == [*found["top"], *found["middle"]]


@pytest.mark.parametrize("float64", [False, True])
@pytest.mark.parametrize("method", ["deeplift", "lrp", "expected_gradients", "grad_cam"])
def test_an_open_model_is_explained_as_it_is_with_its_weights(method: str, float64: bool) -> None:
    model = from_keras(small(3))
    settings = {"attribution": {"float64": float64}, "references": {"number": 2}}
    config = with_method(Config.model_validate(settings), method)
    layers = layers_of(model, list(model.frozen.outputs.values()))
    opened = OpenModel(
        model, [name for names in layers.values() for name in names], float64=float64
    )
    codes = np.random.default_rng(1).integers(0, 4, (2, model.window_length)).astype(np.int8)
    batch = Batch(np.arange(2), codes, {}, ["a", "b"])
    scorers = [Scorer(one, ["logit[0]"], config) for one in (model, opened.model)]
    plain, same = (scorer.contributions(batch)["logit[0]"] for scorer in scorers)
    np.testing.assert_allclose(same, plain, atol=1e-6 * np.abs(plain).max())
    opened.randomise(layers["low"], seed=1)
    assert np.abs(scorers[1].contributions(batch)["logit[0]"] - plain).max() > 0.01 * plain.max()
    opened.randomise([], seed=1)
    np.testing.assert_array_equal(scorers[1].contributions(batch)["logit[0]"], same)


def test_mutagenesis_is_evaluated_where_motifs_are_searched_for() -> None:
    config = Config.model_validate({"motifs": {"window": 1000}})
    for of_run in (config, with_method(config, "in_silico_mutagenesis")):
        assert chosen_of(of_run, "in_silico_mutagenesis").options.span_in(2000) == (500, 1500)
    assert '"central": 1000' in described_methods(config)


def test_a_method_is_not_ranked_by_what_it_picks_its_scores_by() -> None:
    import pandas

    metrics = ("deletion", "aopc", "insertion")
    numbers = pandas.DataFrame(
        [Number("t", name, metric, 0, 1.0) for name in ("a", "b") for metric in metrics]
    )
    kept = without_barred(numbers, {"a": {"picked_by": ""}, "b": {"picked_by": "deletion"}})
    assert kept[kept["method"] == "b"]["metric"].tolist() == ["insertion"]
    assert len(kept[kept["method"] == "a"]) == 3


def test_means_and_paired_differences_are_over_windows_that_have_both() -> None:
    import pandas

    values = {"a": {0: 1.0, 1: 2.0, 2: 6.0}, "b": {1: 3.0, 2: 4.0, 3: np.nan}}
    numbers = pandas.DataFrame(
        Number("t", name, "aopc", window, value)
        for name, of in values.items()
        for window, value in of.items()
    )
    a, b = summarise(numbers, ["a", "b"], seed=1)
    assert a[:7] == ("t", "a", "aopc", pytest.approx(np.nan, nan_ok=True), "", 3, 3.0)
    assert b[5:7] == (2, 3.5) and b[9] == pytest.approx(-0.5)
    assert (b[10], b[11]) == (-2, 1)
    assert a[12:] == (0.5, -1, 2) and np.isnan(b[12:]).all()  # b is the best
    numbers["metric"] = "seconds"  # of which less is better
    a, b = summarise(numbers, ["a", "b"], seed=1)
    assert np.isnan(a[12:]).all() and b[12:] == (-0.5, -2, 1)
    numbers["metric"] = "motif_seqlets"  # which ranks nothing
    assert all(np.isnan(row[12:]).all() for row in summarise(numbers, ["a", "b"], seed=1))


def test_one_window_has_no_interval() -> None:
    import pandas

    numbers = pandas.DataFrame([Number("t", "a", "aopc", 0, 1.5)])
    (one,) = summarise(numbers, ["a"], seed=1)
    assert one[5:7] == (1, 1.5) and np.isnan(one[7:]).all()


@pytest.mark.parametrize("at_once", [1, 2, 4])
def test_starting_counts_in_no_time(files: dict[str, Path], tmp_path: Path, at_once: int) -> None:
    """The windows that are computed first are left out, or computed again if they are all."""
    shard = tmp_path / "shard.h5"
    evaluate(files, shard, "--evaluation.retested=0", f"--attribution.windows_per_batch={at_once}")
    seconds = read_numbers(shard).query("metric == 'seconds' and method == 'gradient'")
    assert len(seconds) == (4 if at_once == 4 else 4 - at_once)


def test_what_a_model_cannot_do_is_told_first(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        evaluate(files, tmp_path / "shard.h5", "--evaluation.methods=deeplift,attention")
    said = capsys.readouterr().err
    assert "attention: a.keras has no attention" in said and "score" not in said


def test_bases_in_random_order_are_never_the_best() -> None:
    import pandas

    means = {"a": 1.0, RANDOM_ORDER: 9.0}
    numbers = pandas.DataFrame(Number("t", name, "aopc", 0, mean) for name, mean in means.items())
    a, random = summarise(numbers, ["a"], seed=1)
    assert np.isnan(a[12]) and random[12] == 8


def test_shards_that_are_not_all_there_are_refused(files: dict[str, Path]) -> None:
    assert not read_numbers(files["shard"]).empty
    from deeplift_genomics.evaluation.merge import merge_evaluation

    with pytest.raises(InputError, match="The shards of the evaluation are not complete"):
        merge_evaluation([files["shard"]], files["shard"].with_name("x"), "y", Config())
