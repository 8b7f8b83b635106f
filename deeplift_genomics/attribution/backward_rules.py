"""Methods without references that walk back through the graph by rules of their own.

The multipliers that arrive at the sequence are the hypothetical contributions; `engine.derivative`
and `engine.relevance` have the formulas of the rules and their sources.
"""

from __future__ import annotations

from deeplift_genomics.attribution.alike import group_alike
from deeplift_genomics.attribution.method import Job
from deeplift_genomics.engine.batch import BatchFunction, compile_alone
from deeplift_genomics.engine.derivative import deconvolved, guided, rule_set
from deeplift_genomics.engine.relevance import Composite, relevance_rules
from deeplift_genomics.engine.rule_sets import RuleSet, find_route
from deeplift_genomics.settings.layer_options import LrpOptions


def guided_backpropagation(job: Job) -> BatchFunction:
    """Compile guided backpropagation for a job."""
    return _compile(job, rule_set("Guided backpropagation", guided))


def deconvolution(job: Job) -> BatchFunction:
    """Compile deconvolution for a job."""
    return _compile(job, rule_set("Deconvolution", deconvolved))


def lrp(job: Job) -> BatchFunction:
    """Compile layer-wise relevance propagation for a job."""
    options, frozen = job.chosen.options, job.frozen
    assert isinstance(options, LrpOptions)
    composite = Composite(
        convolution=options.convolution,
        dense=options.dense,
        first=None if options.input == "same" else options.input,
        epsilon=options.epsilon,
        gamma=options.gamma,
        alpha=options.alpha,
        beta=options.beta,
    )
    name = job.model.sequence.name
    return _compile(job, relevance_rules(frozen, name, job.sinks, composite))


def _compile(job: Job, rules: RuleSet) -> BatchFunction:
    """Compile a walk by rules, with what they refuse found first."""
    return compile_alone(
        find_route(job.frozen, job.model.sequence.name, job.sinks, rules),
        job.shape,
        controls=job.controls,
        targets=group_alike(job.targets),
    )
