"""The methods of a run, and what of the settings their score files hold."""

from argparse import ArgumentParser
from typing import Any

import numpy as np
import pytest

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.settings.config import parse_config
from deeplift_genomics.settings.method_names import OTHER_NAMES
from deeplift_genomics.settings.methods import METHODS, choose
from deeplift_genomics.settings.options import add_options, as_options, config_of
from deeplift_genomics.settings.scored import (
    chosen_method,
    for_method,
    further_methods,
    scoring_keys,
    stored_of_scores,
)
from deeplift_genomics.settings.strict import as_plain

ISM = "in_silico_mutagenesis"


def plain(**attribution: Any) -> dict[str, Any]:
    return as_plain(parse_config({"attribution": attribution}))


def test_further_methods_are_those_beside_the_first() -> None:
    assert further_methods(plain()) == []
    assert further_methods(plain(methods=["deeplift", "gradient"])) == ["gradient"]
    assert further_methods(plain(method="gradient", methods=["deeplift"])) == ["deeplift"]
    assert further_methods({"attribution": {"rules": "rescale"}}) == []  # of an older record


def test_each_method_has_its_options() -> None:
    config = plain(methods=["gradient"], options={"gradient": {"correction": "mean"}})
    own = for_method(config, "gradient")
    assert own["attribution"]["options"] == {"correction": "mean"}
    assert further_methods(own) == []
    assert chosen_method(own).options.model_dump() == {"correction": "mean"}
    assert for_method(config, "deeplift")["attribution"]["options"] == {}
    flat = plain(method="gradient", options={"correction": "mean"})
    assert chosen_method(flat).options.model_dump() == {"correction": "mean"}


@pytest.mark.parametrize(
    ("options", "central", "follows"),
    [({}, 1000, True), ({"central": 300}, 300, False), ({"span": [3, 9]}, 400, False)],
)
def test_mutagenesis_follows_the_motif_window_unless_told(
    options: dict[str, Any], central: int, follows: bool
) -> None:
    """A change of `motifs.window` then scores again, and by no other method."""
    attribution = {"methods": [ISM, "gradient"], "options": {ISM: options}}
    config = parse_config({"attribution": attribution, "motifs": {"window": 1000}})
    own = for_method(as_plain(config), ISM)
    assert f'"central": {central}' in stored_of_scores(own)["method_options"]
    assert ("motifs.window" in scoring_keys(own)) == follows
    for other in ("deeplift", "gradient"):
        assert scoring_keys(for_method(as_plain(config), other)) == ["references", "attribution"]


def test_what_a_method_does_not_use_is_not_stored() -> None:
    deeplift, gradient = stored_of_scores(plain()), stored_of_scores(plain(method="gradient"))
    assert deeplift["method"] == "DeepLIFT" and "method_options" not in deeplift
    assert {"rules", "tolerance", "reference_kind", "reference_number", "seed"} <= set(deeplift)
    own = {"method", "method_options"}
    assert set(gradient) == own | {"precision", "convolutions", "score_type"}
    assert gradient["method_options"] == '{"correction": "none"}'


@pytest.mark.parametrize(
    ("attribution", "message"),
    [
        ({"method": "deeplit"}, "The method 'deeplit' is not known; did you mean 'deeplift'"),
        ({"methods": ["gradients"]}, "The method 'gradients' is not known; did you mean 'gradi"),
        ({"options": {"correction": "mean"}}, "deeplift has no option 'correction'; it is one of"),
        (
            {"options": {"gradient": {"correction": "mean"}}},
            "options of gradient, which is among nei",
        ),
        ({"method": "gradient", "options": {"corection": "mean"}}, "did you mean 'correction'"),
        ({"method": "gradient", "options": {"correction": "sum"}}, "expected one of none, mean"),
        ({"options": {"gradiant": {}}}, "The method 'gradiant' is not known; did you mean"),
        (
            {
                "method": "gradient",
                "options": {"correction": "mean", "gradient": {"correction": "x"}},
            },
            "The option 'correction' of gradient is given twice",
        ),
        (
            {
                "method": "gradient",
                "options": {"gradient": {"correction": "none"}, "correction": "mean"},
            },
            "The option 'correction' of gradient is given twice",
        ),
        (
            {"methods": ["gradient"], "options": {"gradient": None}},
            "has None for the method gradient; expected its options below its name",
        ),
        (
            {"methods": ["smoothgrad"], "options": {"samples": 3}},
            "deeplift has no option 'samples'; it is one of .*, smoothgrad, .* below the method's",
        ),
        (
            {"method": "lrp", "options": {"alpha": 3.0}},
            "'attribution': Option of lrp: alpha - beta must be 1",
        ),
        (
            {"method": "smoothgrad", "options": {"form": "variance", "samples": 1}},
            "the form 'variance' needs samples of at least 2",
        ),
        (
            {
                "methods": ["occlusion"],
                "options": {"occlusion": {"by": "shuffle", "length": 1, "stride": 1}},
            },
            "a stretch of one base has no other order",
        ),
        ({"method": "lime"}, "lime gives one score for each position, and motifs are made of"),
    ],
)
def test_mistakes(attribution: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse_config({"attribution": attribution})


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("DeepLIFT", "deeplift"),
        ("DeepSHAP", "deeplift"),
        ("saliency", "gradient"),
        ("Gradient x Input", "gradient_x_input"),
        ("InputXGradient", "gradient_x_input"),
        ("IG", "integrated_gradients"),
        ("integrated-gradient", "integrated_gradients"),
        ("GradientSHAP", "expected_gradients"),
        ("GuidedBackprop", "guided_backpropagation"),
        ("grad-cam", "grad_cam"),
        ("ism", "in_silico_mutagenesis"),
        ("LIME", "lime"),
        ("shap", "kernel_shap"),
    ],
)
def test_a_method_is_found_by_what_others_call_it(name: str, near: str) -> None:
    with pytest.raises(ConfigError, match=f"{name!r} is not known; did you mean {near!r}"):
        choose(name)


def test_other_names_are_of_methods() -> None:
    assert set(OTHER_NAMES.values()) <= set(METHODS)
    assert not set(OTHER_NAMES) & {name.replace("_", "") for name in METHODS}


@pytest.mark.parametrize("name", METHODS)
def test_a_step_takes_each_method_as_the_workflow_gives_it(name: str) -> None:
    """A run needs a method that gives bases; the steps that score know no other one."""
    parser = ArgumentParser()
    add_options(parser, "attribution")
    arguments = as_options(for_method(plain(methods=[name]), name), "attribution")
    found = config_of(parser.parse_args(arguments))
    assert found.attribution.method == name


def test_options_of_python_are_those_of_a_configuration() -> None:
    given = {"span": (np.int64(3), 9), "central": np.int32(5)}
    assert choose("in_silico_mutagenesis", given).options.model_dump() == {
        **choose("in_silico_mutagenesis", {"span": [3, 9], "central": 5}).options.model_dump()
    }
    assert choose("lrp", {"gamma": np.float64(0.5)}).options.model_dump()["gamma"] == 0.5
    with pytest.raises(ConfigError, match=r"options of gradient are \['mean'\]; expected names"):
        choose("gradient", ["mean"])  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="The method None is not known"):
        choose(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["lime", "kernel_shap"])
def test_defaults_are_for_short_and_for_long_windows(method: str) -> None:
    options = choose(method).options
    segments = [options.segments(length, method) for length in (100, 500, 2114)]
    assert [options.samples_of(number) for number in segments] == [200, 200, 848]
