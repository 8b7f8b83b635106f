"""The methods of a run, one at a time, and what the score files of each store.

A configuration is taken here as plain values, as by `strict.as_plain`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deeplift_genomics.settings.evaluation_section import ORACLE
from deeplift_genomics.settings.methods import DEFAULT, Chosen, choose, split_options
from deeplift_genomics.settings.options import stored_settings, value_of

Plain = Mapping[str, Any]
# prefixes of the settings by which a model is checked
CHECKED = ("references", "attribution", "effects.spacing", "oligos.length", "motifs.window")


def further_methods(config: Plain) -> list[str]:
    """Return the methods whose scores are written beside those of `attribution.method`."""
    found = config.get("attribution", {})  # a record of an earlier release has no methods
    return [name for name in dict.fromkeys(found.get("methods", ())) if name != found["method"]]


def for_method(config: Plain, name: str) -> dict[str, Any]:
    """Return the configuration with `name` as the only method, and its options."""
    of = config["attribution"]
    options = split_options(of["options"], of["method"]).get(name, {})
    return {**config, "attribution": {**of, "method": name, "methods": [], "options": options}}


def for_evaluation(config: Plain) -> dict[str, Any]:
    """Return the configuration with the options of no other methods than those evaluated."""
    of, wanted = config["attribution"], [*config["evaluation"]["methods"], ORACLE]
    options = split_options(of["options"], of["method"])
    kept = {name: given for name, given in options.items() if name in wanted and given}
    return {**config, "attribution": {**of, "methods": [], "options": kept}}


def chosen_method(config: Plain) -> Chosen:
    """Return the method `attribution.method` with its options.

    Those that were not given may follow other settings of the run.
    """
    name, given = _given(config)
    followed = choose(name, given).options.followed
    return choose(name, given | {key: value_of(config, by) for key, by in followed.items()})


def scoring_keys(config: Plain) -> list[str]:
    """Return the prefixes of the settings on which the scores of `attribution.method` depend."""
    return ["references", "attribution", *choose(*_given(config)).options.followed.values()]


def _given(config: Plain) -> tuple[str, dict[str, Any]]:
    """Return `attribution.method` and the options that were given for it."""
    found = config["attribution"]
    name = found.get("method", DEFAULT)
    return name, split_options(found.get("options", {}), name)[name]


def stored_of_scores(config: Plain) -> dict[str, Any]:
    """Return the attributes in which the score files of `attribution.method` hold the settings.

    Those that the method does not use are left out.
    """
    chosen = chosen_method(config)
    found = stored_settings(config, "references", "attribution")
    unused = set() if chosen.name == DEFAULT else {"rules"}
    unused |= set() if chosen.method.complete else {"tolerance"}
    unused |= set() if chosen.references else {"reference_kind", "reference_number"}
    unused |= set() if chosen.references or chosen.stochastic else {"seed"}
    own = chosen.options.held_to  # in place of `attribution.tolerance`
    found |= {} if own is None else {"tolerance": own}
    return {key: value for key, value in found.items() if key not in unused} | chosen.stored
