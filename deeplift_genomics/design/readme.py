"""The first sheet of the workbook of oligos: what is in it, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from deeplift_genomics.design.table import DIFFERENCE, FOLD, SHAPE, Oligos
from deeplift_genomics.settings.oligo_section import Oligos as Settings

_OF_KIND = {
    FOLD: (
        "{heads}: the predicted signal of the whole region, as a multiple of that of the wild type "
        "at the same place. 0.50× is half as much, 1.00× is no change, 2.00× is twice as much."
    ),
    SHAPE: (
        "{heads}: how much of the signal is predicted to be somewhere else along the region than "
        "with the wild type. 0% is no change, 100% is a profile that has nothing in common."
    ),
    DIFFERENCE: (
        "{heads}: the value that the model predicts, less that for the wild type at the same "
        "place. 0 is no change."
    ),
}


def paragraphs(oligos: Oligos, settings: Settings, sample: str) -> list[tuple[str, str]]:
    """Return the texts of the sheet, each with its kind: title, subtitle or paragraph."""
    return [
        ("title", f"Oligos that test the motifs of {sample}"),
        *_content(oligos),
        *_experiment(settings),
        *_ordering(oligos, settings),
        *_numbers(oligos),
        *_checks(settings),
        *_limits(),
    ]


def _content(oligos: Oligos) -> Iterator[tuple[str, str]]:
    designed = oligos.designed
    if designed:
        motifs = len({row.motif for row in designed})
        yield "paragraph", f"{len(designed)} oligos for {_number(motifs, 'motif')}."
    else:
        yield "paragraph", "There are no oligos here; the sheet “Left out” says why."
    if designed and oligos.left_out:
        yield "paragraph", "The sheet “Left out” lists motifs that have fewer oligos, or none."


def _experiment(settings: Settings) -> Iterator[tuple[str, str]]:
    yield "subtitle", "The experiment"
    yield (
        "paragraph",
        "For each motif there are places in the genome where the model uses it, and for each place "
        "the same stretch of DNA in several versions:",
    )
    yield (
        "paragraph",
        "• wild type (…_wt): as in the genome, with the motif in the middle where the window "
        "allows it;",
    )
    yield "paragraph", "• ablated (…_abl): the bases of the motif are replaced by others;"
    if settings.scrambles:
        yield "paragraph", "• scrambled (…_scr1, …): the motif's own bases, in another order."
    yield (
        "paragraph",
        "If the motif does in your assay what it does in the model, the versions without it differ "
        "from the wild type of the same place as the predicted numbers say. Compare versions of "
        "one place only: places differ in everything else, too.",
    )


def _ordering(oligos: Oligos, settings: Settings) -> Iterator[tuple[str, str]]:
    yield "subtitle", "To order them"
    yield (
        "paragraph",
        "The sheet “To order” has the name and the sequence of each oligo, 5' to 3', as most "
        "suppliers' forms want them. Each sequence is there once, also where two oligos share it "
        "(the column “Same sequence as” of the sheet “Oligos”).",
    )
    if lengths := sorted({row.length for row in oligos.designed if row.length}):
        left, right = len(settings.left_end), len(settings.right_end)
        made = f"{left} + {lengths[-1] - left - right} + {right} bases: left end, insert, right end"
        ends = made if left or right else "the insert alone, without constant ends"
        yield (
            "paragraph",
            f"Each oligo has {lengths[-1]} bases ({ends}). Ask your supplier whether it makes that "
            "length; oligos.length in the configuration makes it shorter. All sequences are those "
            "of the genome's forward strand.",
        )


def _numbers(oligos: Oligos) -> Iterator[tuple[str, str]]:
    yield "subtitle", "The predicted numbers"
    for kind, text in _OF_KIND.items():
        if heads := [outcome.name for outcome in oligos.outcomes if outcome.kind == kind]:
            yield "paragraph", "• " + text.format(heads=", ".join(heads))
    yield (
        "paragraph",
        "“Called for” names the outputs of the model for which the motif counts at this place. "
        "Places count from 1, with both ends, as genome browsers take them; in oligos.tsv, for "
        "programs, they count from 0 and the end is excluded.",
    )


def _checks(settings: Settings) -> Iterator[tuple[str, str]]:
    yield "subtitle", "What was checked"
    yield (
        "paragraph",
        "• In no ablated or scrambled oligo does the motif still match on the bases that were "
        "changed, and no other motif of the report matches there that did not before, on either "
        "strand.",
    )
    if settings.left_end or settings.right_end:
        yield "paragraph", "• No motif matches across the ends of an insert."
    if settings.avoid:
        ends = " outside the constant ends" if settings.sites_in_ends else ""
        sites = ", ".join(str(one) for one in settings.avoided)
        yield "paragraph", f"• No oligo has a site of {sites}{ends}, on either strand."
    else:
        yield (
            "paragraph",
            "• Restriction sites were not looked at: name those of your cloning in oligos.avoid in "
            "the configuration.",
        )


def _limits() -> Iterator[tuple[str, str]]:
    yield "subtitle", "What to keep in mind"
    yield (
        "paragraph",
        "The numbers are the model's predictions for the whole window in the genome, with the "
        "insert in its own place. A reporter plasmid has other DNA around the insert, and a model "
        "can be wrong: that is what the experiment is for.",
    )
    yield (
        "paragraph",
        "Where the model predicts no difference between versions, there is nothing to test: such "
        "places can be left out of the order.",
    )
    yield (
        "paragraph",
        "“Other motifs on its bases” names motifs that share bases with this one. They are lost "
        "with it. Places without one were preferred.",
    )


def _number(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> _number(1, "motif"), _number(2, "motif")
    ('1 motif', '2 motifs')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
