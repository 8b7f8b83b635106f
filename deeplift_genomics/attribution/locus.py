"""One locus explained in one call: what a run does for many regions."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.configured import configured_explainer
from deeplift_genomics.attribution.explain import Explainer
from deeplift_genomics.attribution.scores import Scores, described
from deeplift_genomics.dna.aliases import read_aliases
from deeplift_genomics.dna.contigs import Aliases
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.models.load import load_model
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.config import Config, load_config, parse_config
from deeplift_genomics.settings.scored import stored_of_scores
from deeplift_genomics.settings.strict import as_plain
from deeplift_genomics.windows.controls import plan_controls, read_controls
from deeplift_genomics.windows.file import Windows
from deeplift_genomics.windows.losses import warning_of_empty
from deeplift_genomics.windows.one_locus import cut_locus

log = logging.getLogger(__name__)

_TARGETS = ("counts", "profile")


@overload
def explain(
    model: Model | str | Path | Any,
    fasta: str | Path,
    locus: str | tuple[str, int, int],
    targets: str,
    *,
    controls: Sequence[str | Path] | str | Path = (),
    contig_aliases: str | Path | None = None,
    config: str | Path | Mapping[str, Any] | None = None,
) -> Scores: ...
@overload
def explain(
    model: Model | str | Path | Any,
    fasta: str | Path,
    locus: str | tuple[str, int, int],
    targets: list[str] | tuple[str, ...] = _TARGETS,
    *,
    controls: Sequence[str | Path] | str | Path = (),
    contig_aliases: str | Path | None = None,
    config: str | Path | Mapping[str, Any] | None = None,
) -> dict[str, Scores]: ...
def explain(
    model: Model | str | Path | Any,
    fasta: str | Path,
    locus: str | tuple[str, int, int],
    targets: Sequence[str] | str = _TARGETS,
    *,
    controls: Sequence[str | Path] | str | Path = (),
    contig_aliases: str | Path | None = None,
    config: str | Path | Mapping[str, Any] | None = None,
) -> Scores | dict[str, Scores]:
    """Explain a model at one locus of a genome, as a run with the same settings explains it.

    The window is that of the model, around the middle of the locus. References, method and checks
    are those of a run; contributions are held to completeness. The second path of a run, which
    explains some windows again in double precision, is left out.

    Parameters
    ----------
    model
        From `load_model`, or what it takes: a path, or a Keras model in memory. Load a model once
        to explain several loci.
    fasta
        The genome: FASTA, plain, gzipped or bgzipped, or 2bit. FASTA is indexed at each call, which
        takes about 15 seconds for a human genome, and more if it is compressed; 2bit opens at once.
    locus
        ``"chr22:17,398,400-17,398,700"``, which counts from 1 and includes the end as genome
        browsers do, or ``("chr22", 17398399, 17398700)``, which counts from 0 and excludes the end
        as BED does.
    targets
        Names of targets, such as "counts", "profile", "logit[0]"; one, or several.
    controls
        BigWig files for the model's control inputs, strands in order. Without them, zeros are
        taken, which is logged.
    contig_aliases
        Table of the names that one contig has in other files, such as UCSC's chromAlias.txt.
    config
        The settings: a config.yaml, or a dict of the same keys, such as
        ``{"references": {"number": 50}}``. `references`, `attribution` and `regions.max_unknown`
        count.

    Returns
    -------
    Scores or dict
        Of a single target its `Scores`, of several a dict from each target to its `Scores`. They
        have one window, and know its coordinates.

    Raises
    ------
    ConfigError
        If `config` holds an unknown key or a value out of range.
    InputError
        If the locus, its window, the genome or the controls cannot be used.
    ModelError, UnsupportedOperationError
        If the model has no such target, or an operation has no rule.
    CompletenessError
        If contributions do not add up to the difference in the target.

    Examples
    --------
    >>> import deeplift_genomics as dg
    >>> model, genome = "resources/demo/model.keras", "resources/demo/genome.fa.gz"
    >>> scores = dg.explain(model, genome, "chr1:4,263-4,480", "counts")
    >>> scores.contributions.shape, int(scores.start[0])
    ((1, 500, 4), 4121)
    >>> axes = scores.plot("chr1:4,300-4,400")
    """
    loaded, settings, aliases = load_model(model), _settings(config), read_aliases(contig_aliases)
    names = (targets,) if isinstance(targets, str) else tuple(targets)
    explainer = configured_explainer(loaded, names, settings, 1)  # refused before a genome is read
    window = cut_locus(
        fasta,
        locus,
        loaded.window_length,
        max_unknown=settings.regions.max_unknown,
        aliases=aliases,
    )
    filled = _controls(explainer, controls, window, aliases)
    references = explainer.references_of(window.codes, settings.references)
    label = f"{window.chrom[0]}:{window.start[0]}-{window.end[0]}"
    found = explainer(one_hot(window.codes), references, filled, [label])
    about = {
        **window.attributes,
        "model": loaded.name,
        "model_digest": loaded.digest,
        **stored_of_scores(as_plain(settings)),
    }
    places = {key: getattr(window, key) for key in ("chrom", "start", "end", "name")}
    results = {
        target: described(scores, **places, attributes={**about, "target": target})
        for target, scores in found.items()
    }
    return results[targets] if isinstance(targets, str) else results


def _settings(config: str | Path | Mapping[str, Any] | None) -> Config:
    """Return the settings of a file or a dict; the defaults without one."""
    if isinstance(config, str | Path):
        return load_config(config)
    return parse_config(dict(config or {}), source="config", of_a_step=True)


def _controls(
    explainer: Explainer,
    controls: Sequence[str | Path] | str | Path,
    window: Windows,
    aliases: Aliases,
) -> dict[str, NDArray[Any]]:
    """Return the control inputs at a window: from bigWig files, or zeros, which are logged."""
    files = [controls] if isinstance(controls, str | Path) else list(controls)
    model = explainer.model
    if not files:
        if model.controls:
            names = ", ".join(item.name for item in model.controls)
            log.warning("%s: zeros are taken for its controls %s", model.name, names)
        return explainer.fill_controls(None, 1)
    shapes = {item.name: item.shape for item in model.controls}
    plan = plan_controls(shapes, files, model.window_length, aliases)
    values = read_controls(plan, window)
    empty = not any(np.any(item) for item in values.values())
    if warning := warning_of_empty(int(empty), 1, ", ".join(Path(file).name for file in files)):
        log.warning("%s", warning)
    return explainer.fill_controls(values, 1)
