"""How many scrambled motifs get "has an effect": each is treated as if it were a motif.

Run as ``python -m benchmarks.scrambled MODEL WINDOWS MOTIFS [TARGET]``, with the files of a run.
Each pattern is scrambled until there are 200 in all; a scrambled motif is then inserted, and ranked
among scrambled inserts of its own, as the step `effects` does it. At most 5% may have an effect.
"""

import sys

import numpy as np

from deeplift_genomics.attribution.predict import Predictor
from deeplift_genomics.effects.backgrounds import draw_backgrounds
from deeplift_genomics.effects.insertion import insert_motif, insert_samples, number_of_tests
from deeplift_genomics.effects.inserts import Insert, choose_inserts, scrambled_orders
from deeplift_genomics.effects.meter import Meter
from deeplift_genomics.effects.statistics import EFFECT
from deeplift_genomics.effects.table import rank_insertion
from deeplift_genomics.graph.device import use_device
from deeplift_genomics.models.load import load_model
from deeplift_genomics.motifs.names import Label
from deeplift_genomics.motifs.patterns import read_motifs
from deeplift_genomics.settings.motif_sections import Effects

NUMBER = 200  # scrambled motifs
SEED = 12345  # another one than that of the scrambled inserts


def scrambled_motifs(path: str) -> list[Insert]:
    """Return the patterns of a motif file, each in several other orders."""
    patterns = read_motifs(path)
    labels = {
        item.name: Label(item.name, "", item.name, item.sign, False, 0, item.n_seqlets, "")
        for item in patterns
    }
    inserts = choose_inserts(patterns, labels, len(patterns))
    each = -(-NUMBER // len(inserts))
    return [
        Insert(insert.motif, f"{insert.pattern} {i}", insert.ppm[order], insert.codes[order])
        for insert in inserts
        for i, order in enumerate(scrambled_orders(insert, each, SEED))
    ][:NUMBER]


def main(model: str, windows: str, motifs: str, target: str = "counts") -> None:
    """Print the share of scrambled motifs with an effect on any measure, and on each."""
    use_device("cpu")
    meter, settings = Meter(Predictor([load_model(model)]), [target]), Effects()
    drawn = draw_backgrounds(windows, settings.backgrounds, settings.seed)
    backgrounds = meter.backgrounds(drawn.codes, drawn.controls)
    tests = number_of_tests(settings, len(backgrounds))
    verdicts: dict[str, list[list[bool]]] = {"insertion": [], "sampled insertion": []}
    for i, insert in enumerate(scrambled_motifs(motifs), start=1):
        for name, measure in zip(verdicts, (insert_motif, insert_samples), strict=True):
            inserted = measure(meter, backgrounds, insert, settings)
            ranked = rank_insertion(meter.measures, inserted, tests)
            verdicts[name].append([text == EFFECT for text in ranked.verdict])
        if i % 10 == 0:
            for name, found in verdicts.items():
                table = np.array(found)
                print(
                    f"{i} scrambled motifs, {name}: {table.any(axis=1).mean():.1%} have an effect; "
                    f"by measure {', '.join(f'{share:.1%}' for share in table.mean(axis=0))}",
                    flush=True,
                )


if __name__ == "__main__":
    main(*sys.argv[1:])
