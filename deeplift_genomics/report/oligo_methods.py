"""The methods of the oligos in words, for a paper."""

from __future__ import annotations

from collections.abc import Iterator

from deeplift_genomics.report.citations import Citations
from deeplift_genomics.report.sample_run import SampleRun


def oligos_in_words(run: SampleRun, cite: Citations) -> Iterator[str]:
    """Yield the sentences on oligos, if any were designed."""
    designed = run.oligos.designed
    if not designed:
        return
    settings = run.config["oligos"]
    n, length = len({row.motif for row in designed}), len(designed[0].insert)
    places = settings["per_motif"]
    yield (
        f"Oligos. For {n:,} motif{'' if n == 1 else 's'}, inserts of {length:,} bp around up to "
        f"{places:,} instance{'' if places == 1 else 's'} each were designed, preferring instances "
        "that overlap no other motif's, are called for most targets, and have the largest "
        "contributions."
    )
    orders = settings["scrambles"]
    scrambled = f"; with its bases in {orders:,} other orders" if orders > 1 else ""
    scrambled = "; with its bases in another order" if orders == 1 else scrambled
    yield (
        "An insert is as in the genome; with the instance's bases replaced by those of a "
        f"dinucleotide shuffle{cite('shuffle', 'wilson')} of the window{scrambled} (seed "
        f"{settings['seed']})."
    )
    avoided = ", ".join(settings["avoid"])
    sites = f", and no site of {avoided}{cite('rebase')} was made" if avoided else ""
    yield (
        "Bases were drawn again until the motif matched there no longer, and no other motif "
        f"matched that had not before{sites}, on either strand."
    )
    yield (
        "Predicted effects compare the window with the insert in its place to the window as it is."
    )
