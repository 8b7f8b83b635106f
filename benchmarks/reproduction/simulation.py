"""The paper's simulation on its own model: what each method makes of TAL1 and GATA1."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu, spearmanr

from benchmarks.reproduction.measures import (
    area_at_sites,
    area_of_bases,
    share_on_sites,
    totals,
)
from benchmarks.reproduction.methods import REFERENCES, SEED, SHUFFLES, Scored, score
from benchmarks.reproduction.simulated import (
    BEST,
    DATA,
    GROUPS,
    MOTIFS,
    OF_TASK,
    STRONG,
    TASKS,
    Matches,
    Simulated,
    best_matches,
    read,
)
from deeplift_genomics import attribute, load_model
from deeplift_genomics.attribution.predict import Predictor
from deeplift_genomics.dna.references import make_references
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.models.model import Model

TARGETS = [f"logit[{task}]" for task in range(len(TASKS))]
BATCH = 50
BINS = np.arange(-2, 15)  # of log-odds, for the figure
BOTH, GATA1, TAL1 = range(3)  # tasks
REPLACEMENTS = 10  # shuffles from which a match's bases are replaced


def measure(most: int | None = None) -> dict[str, Any]:
    """Return all numbers of the simulation, from the first `most` sequences of its test set."""
    simulated, model = read(most), load_model(DATA / "simulation" / "talgata.keras")
    matches = {motif: best_matches(simulated, motif) for motif in MOTIFS}
    falls = _falls(model, simulated, matches["TAL1"])
    rows = [
        _row(scored, simulated, matches, falls)
        for scored in score(model, simulated.codes, TARGETS, BATCH)
    ]
    strong = _strong(simulated, matches["TAL1"], "both")
    return {
        "sequences": {name: int(simulated.group(name).sum()) for name in GROUPS},
        "strong": {
            motif: int(_strong(simulated, matches[motif], "both").sum()) for motif in MOTIFS
        },
        "falling": int((falls[strong] > 0).sum()),
        "with_references": with_references(model, simulated, matches["TAL1"]),
        "methods": rows,
    }


def with_references(model: Model, simulated: Simulated, found: Matches) -> list[dict[str, Any]]:
    """Return what Rescale misses by kind and number of references, for the task of both motifs.

    With them go the median outputs before the sigmoid, at the references and at the sequences.
    """
    rows, strong = simulated.group("both"), _strong(simulated, found, "both")
    codes, start = simulated.codes[rows], found.start[rows]
    listed = []
    for kind, number in (("flat", 1), ("shuffled", 1), ("shuffled", SHUFFLES)):
        references = make_references(codes, REFERENCES[kind][0], number, SEED)
        windows = one_hot(codes, np.float32)
        scores = attribute(model, windows, references, TARGETS[BOTH], batch_size=BATCH)
        contributions = scores[TARGETS[BOTH]].contributions.sum(axis=-1)
        sums = np.take_along_axis(totals(contributions, found.width), start, axis=-1)
        at_references = scores[TARGETS[BOTH]].reference_target
        assert at_references is not None
        listed.append(
            {
                "references": kind,
                "number": number,
                "missed": int((sums[strong[rows]] <= 0).sum()),
                "at_references": float(np.median(at_references)),
                "at_sequences": float(np.median(scores[TARGETS[BOTH]].target)),
            }
        )
    return listed


def _row(
    scored: Scored,
    simulated: Simulated,
    matches: dict[str, Matches],
    falls: NDArray[np.floating],
) -> dict[str, Any]:
    """Return the numbers of one method and kind of reference."""
    sums = {  # motif -> (tasks, N, BEST)
        motif: np.take_along_axis(totals(scored.values, found.width), found.start[None], axis=-1)
        for motif, found in matches.items()
    }
    both = {motif: _strong(simulated, found, "both") for motif, found in matches.items()}
    tal1 = sums["TAL1"][BOTH]
    missed = both["TAL1"] & (tal1 <= 0)
    means = {  # motif -> mean over its strong matches, for the tasks of GATA1 and TAL1
        motif: [float(sums[motif][task][both[motif]].mean()) for task in (GATA1, TAL1)]
        for motif in MOTIFS
    }
    weaker = both["TAL1"] | (
        _of(simulated, "both") & (matches["TAL1"].log_odds > STRONG * np.log(2))
    )
    return {
        "method": scored.method,
        "references": scored.references,
        "seconds": scored.seconds,
        "missed": {motif: int((sums[motif][BOTH][both[motif]] <= 0).sum()) for motif in MOTIFS},
        "missed_base_2": [int((tal1[weaker] <= 0).sum()), int(weaker.sum())],
        "missed_falling": int((falls[missed] > 0).sum()),
        "missed_alone": int((_embedded(simulated, "TAL1")[:, None] & missed).sum()),
        "follows_falls": float(spearmanr(tal1[both["TAL1"]], falls[both["TAL1"]])[0]),
        "areas": [_areas(scored, simulated, task) for task in range(len(TASKS))],
        "follows_strength": {
            "TAL1": _follows(sums["TAL1"][TAL1], simulated, matches["TAL1"], "TAL1 only"),
            "GATA1": _follows(sums["GATA1"][GATA1], simulated, matches["GATA1"], "GATA1 only"),
        },
        "own": {"TAL1": means["TAL1"][1], "GATA1": means["GATA1"][0]},
        # what strong matches get for the other motif's task, as a share of that motif's
        "foreign": {
            "TAL1": means["TAL1"][0] / means["GATA1"][0],
            "GATA1": means["GATA1"][1] / means["TAL1"][1],
        },
        "together": _together(tal1, simulated, matches["TAL1"]),
        "on_motifs": _on_motifs(scored, simulated),
        "curves": {
            name: _curve(tal1[_of(simulated, name)], matches["TAL1"].log_odds[_of(simulated, name)])
            for name in GROUPS
        },
    }


def _embedded(simulated: Simulated, motif: str) -> NDArray[np.bool_]:
    """Tell which sequences hold one embedded instance of a motif, (N,)."""
    return np.array([len(places[motif]) == 1 for places in simulated.places])


def _of(simulated: Simulated, group: str) -> NDArray[np.bool_]:
    """Tell which matches are in the sequences of a group, (N, BEST)."""
    inside = simulated.group(group)[:, None]
    return np.repeat(inside, BEST, axis=1)


def _strong(simulated: Simulated, found: Matches, group: str) -> NDArray[np.bool_]:
    return _of(simulated, group) & (found.log_odds > STRONG)


def _areas(scored: Scored, simulated: Simulated, task: int) -> dict[str, Any]:
    """Return auROCs at the motifs of a task, in the sequences that are positive for it."""
    rows = np.flatnonzero(simulated.labels[:, task])
    places = [simulated.places[row] for row in rows]
    mine = [[place for motif in OF_TASK[task] for place in found[motif]] for found in places]
    rest = [
        [place for motif in MOTIFS if motif not in OF_TASK[task] for place in found[motif]]
        for found in places
    ]
    values = scored.values[task, rows]
    return {
        "sites": area_at_sites(values, mine, rest),
        "bases": area_of_bases(values, mine, rest),
    }


def _follows(sums: NDArray[np.floating], simulated: Simulated, found: Matches, group: str) -> float:
    """Return Spearman's correlation of log-odds and score, of strong matches alone."""
    strong = _strong(simulated, found, group)
    return float(spearmanr(sums[strong], found.log_odds[strong])[0])


def _together(tal1: NDArray[np.floating], simulated: Simulated, found: Matches) -> dict[str, float]:
    """Compare strong TAL1 matches beside GATA1 with those without it, for the task of both.

    The chance is that of a match beside GATA1 to have the higher score of two.
    """
    beside, alone = (tal1[_strong(simulated, found, name)] for name in ("both", "TAL1 only"))
    chance = mannwhitneyu(beside, alone).statistic / (len(beside) * len(alone))
    return {
        "beside": float(beside.mean()),
        "alone": float(alone.mean()),
        "chance": float(chance),
    }


def _on_motifs(scored: Scored, simulated: Simulated) -> list[float]:
    rows = np.flatnonzero(simulated.group("both"))
    places = [[*chain.from_iterable(simulated.places[row].values())] for row in rows]
    return share_on_sites(scored.values[BOTH, rows], places)


def _curve(scores: NDArray[np.floating], log_odds: NDArray[np.floating]) -> list[list[float]]:
    """Return, for each bin of log-odds with 10 matches or more: its middle, and quartiles."""
    found = []
    for low in BINS:
        inside = scores[(log_odds >= low) & (log_odds < low + 1)]
        if len(inside) >= 10:
            found.append([low + 0.5, *_quantiles(inside)])
    return found


def _quantiles(values: NDArray[np.floating]) -> list[float]:
    """Return quartiles, or nothing of nothing."""
    return [float(value) for value in np.quantile(values, [0.25, 0.5, 0.75])] if len(values) else []


def _falls(model: Model, simulated: Simulated, found: Matches) -> NDArray[np.floating]:
    """Return how far the logit of both motifs falls where a match is replaced, (N, BEST).

    The bases come from the same place of shuffles of the sequence; the mean over shuffles is taken.
    """
    predict = Predictor([model])
    shuffles = make_references(simulated.codes, "dinucleotide_shuffle", REPLACEMENTS, 2)
    replaced = shuffles.argmax(axis=-1).astype(np.int8)  # (N, shuffles, L)
    before = _logits(predict, simulated.codes)
    falls = np.zeros(found.start.shape)
    place = np.arange(simulated.codes.shape[1])
    for column, start in enumerate(found.start.T):
        inside = (place >= start[:, None]) & (place < start[:, None] + found.width)
        for draw in range(REPLACEMENTS):
            mutants = np.where(inside, replaced[:, draw], simulated.codes)
            falls[:, column] += (before - _logits(predict, mutants)) / REPLACEMENTS
    return falls


def _logits(predict: Predictor, codes: NDArray[np.int8]) -> NDArray[np.floating]:
    """Return the values for the task of both motifs, before the sigmoid, (N,)."""
    (head,) = predict.heads
    found = []
    for first in range(0, len(codes), predict.batch_size):
        (values,) = predict.batch(codes[first : first + predict.batch_size])
        found.append(values[head.name].explained)
    return np.concatenate(found)[:, BOTH]
