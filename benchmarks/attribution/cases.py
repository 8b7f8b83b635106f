"""The models that are timed, with the programs beside each and the amount of work."""

from dataclasses import dataclass

ALL = ("bpreveal", "tangermeme", "captum", "shap")
FASTEST = ("bpreveal", "tangermeme")


@dataclass(frozen=True)
class Effort:
    """The amount of work: rounds, windows per run, windows whose scores are compared."""

    rounds: int
    ours: int
    peers: int
    compared: int
    subcommand: int = 0  # windows per process; 0: not measured
    subcommand_rounds: int = 2
    batch_sizes: tuple[int, ...] = ()  # of BPReveal and tangermeme; none: all references


@dataclass(frozen=True)
class Case:
    """A model, and how it is timed.

    Attributes
    ----------
    name
        As `--only` takes it.
    title
        As the page tells it.
    peers
        The programs that explain it, each right or nearly so.
    references
        Per window.
    file
        Of a real model; without one, it has random weights.
    floor
        Whether its multiply-adds are those of convolutions and dense layers alone.
    """

    name: str
    title: str
    peers: tuple[str, ...]
    full: Effort
    quick: Effort
    length: int = 2114
    references: int = 20
    file: str = ""
    floor: bool = True


_LARGE = Effort(3, ours=1, peers=1, compared=1, subcommand=1, subcommand_rounds=1)
_QUICK_LARGE = Effort(1, ours=1, peers=1, compared=1)
_SMALL = Effort(5, ours=8, peers=2, compared=1)
_QUICK = Effort(2, ours=2, peers=1, compared=1)
_REAL = Effort(5, ours=4, peers=1, compared=1)

YARDSTICK = Case(
    "bpnet64",
    "BPNet of 2,114 bp, 64 filters",
    ALL,
    Effort(5, ours=6, peers=2, compared=2, subcommand=500, batch_sizes=(2, 5, 20)),
    Effort(1, ours=4, peers=1, compared=1, subcommand=12, subcommand_rounds=1),
)
LARGE = Case(
    "bpnet512",
    "BPNet of ChromBPNet's size, 2,114 bp, 512 filters",
    FASTEST,
    _LARGE,
    _QUICK_LARGE,
    references=4,
)
ZNF143 = Case(
    "znf143", "ZNF143 BPNet, 500 bp", ALL, _REAL, _QUICK, length=500, file="znf143_bpnet.h5"
)
BIAS = Case(
    "tn5bias",
    "ChromBPNet Tn5 bias model, 2,114 bp",
    ALL,
    Effort(3, ours=4, peers=1, compared=1),
    _QUICK,
    file="chrombpnet_bias_gm12878.h5",
)
CASES = (
    YARDSTICK,
    LARGE,
    Case(
        "chrombpnet",
        "Whole ChromBPNet, 2,114 bp, 512 filters and a bias model of 128",
        FASTEST,
        Effort(2, ours=1, peers=1, compared=1),
        _QUICK_LARGE,
        references=4,
    ),
    Case(
        "basset",
        "Classifier of Basset's size, 600 bp",
        ("bpreveal", "tangermeme", "shap"),
        _SMALL,
        _QUICK,
        length=600,
    ),
    Case(
        "attention",
        "Model with attention, 1,024 bp",
        ("tangermeme",),
        _SMALL,
        _QUICK,
        length=1024,
        floor=False,
    ),
    ZNF143,
    BIAS,
)
BY_NAME = {case.name: case for case in CASES}
