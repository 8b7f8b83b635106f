"""Unknown options are refused by their step, which names the option that was meant."""

import pytest

from deeplift_genomics.cli import make_parser
from deeplift_genomics.steps.parser import RENAMED, STEPS, json_object, number

ATTRIBUTE = "attribute --model m --windows w --output o"
LONG = "9" * 5000  # digits; Python reads no number of more than 4300


def refused(capsys: pytest.CaptureFixture, arguments: list[str]) -> str:
    """Return the message with which the parser refuses the arguments."""
    with pytest.raises(SystemExit) as stop:
        make_parser().parse_args(arguments)
    assert stop.value.code == 1
    message = capsys.readouterr().err
    assert message.startswith("error: ") and message.count("\n") == 1
    return message


@pytest.mark.parametrize(
    ("step", "written", "meant"),
    [
        ("attribute", "--references 5", "--references.number"),
        ("attribute", "--reference-kind=flat", "--references.kind"),
        ("attribute", "--seed 3", "--references.seed"),
        ("attribute", "--float64", "--attribution.float64 true"),
        ("attribute", "--rules rescale", "--attribution.rules"),
        ("attribute", "--score-type float16", "--attribution.score_type"),
        ("attribute", "--tolerance 0.1", "--attribution.tolerance"),
        ("attribute", "--device gpu", "--attribution.device"),
        ("attribute", "--windows-per-batch 2", "--attribution.windows_per_batch"),
        ("attribute", "--references.numbr 5", "--references.number"),
        ("attribute", "--model_info x", "--model"),
        ("regions", "--tile 400", "--regions tile --regions.tile.stride"),
        ("regions", "--contigs chr1", "--regions.tile.contigs"),
        ("regions", "--leave-out chrM", "--regions.tile.leave_out"),
        ("regions", "--max-unknown 0.1", "--regions.max_unknown"),
        ("tracks", "--overlap mean", "--tracks.overlap"),
        ("motifs", "--window 400", "--motifs.window"),
        ("motifs", "--seed 1", "--motifs.seed"),
        ("plan", "--device gpu", "--attribution.device"),
    ],
)
def test_an_old_or_mistyped_option_is_answered_with_the_present_one(
    capsys: pytest.CaptureFixture, step: str, written: str, meant: str
) -> None:
    name = written.replace("=", " ").split()[0]
    message = refused(capsys, [step, *written.split()])  # before what is missing
    expected = f"error: unrecognized arguments: {name} (did you mean {meant}?). "
    assert message == f"{expected}See: deeplift-genomics {step} --help\n"


def test_options_without_a_neighbour_are_refused_by_their_step(
    capsys: pytest.CaptureFixture,
) -> None:
    for arguments in (["provenance", "--per-sample", "x"], ["plan", "--references.number", "3"]):
        end = f"{arguments[1]}. See: deeplift-genomics {arguments[0]} --help\n"
        assert refused(capsys, arguments) == f"error: unrecognized arguments: {end}"
    for arguments in ([*ATTRIBUTE.split(), "extra"], [*ATTRIBUTE.split(), "-x"]):
        end = f"{arguments[-1]}. See: deeplift-genomics attribute --help\n"
        assert refused(capsys, arguments) == f"error: unrecognized arguments: {end}"


def test_new_names_of_old_options_exist() -> None:
    known = {
        option
        for action in make_parser()._actions
        for name, step in (getattr(action, "choices", None) or {}).items()
        if name != "check"  # which has some of the short names, too
        for option in step._option_string_actions
    }
    for name, new in RENAMED.items():
        assert name not in known
        assert {word for word in new.split() if word.startswith("--")} <= known


@pytest.mark.parametrize("step", STEPS)
def test_help_of_every_step(step: str, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit) as stop:
        make_parser().parse_args([step, "--help"])
    assert stop.value.code == 0
    assert "(default: )" not in capsys.readouterr().out


def test_names_that_begin_with_dashes_follow_two_dashes() -> None:
    options = make_parser().parse_args(["check", "--", "--odd.keras"])
    assert options.models == ["--odd.keras"]


def test_long_values_are_refused_in_short(capsys: pytest.CaptureFixture) -> None:
    for more in (["--references.number", LONG], [f"--{LONG}"], [LONG]):
        assert len(refused(capsys, [*ATTRIBUTE.split(), *more])) < 2200
    for text in (LONG, "0", "-1", "1.0", ""):
        with pytest.raises(Exception, match="must be a whole number from 1, not "):
            number(text)
    for text in ("[" * 100_000, "nothing", LONG):
        with pytest.raises(Exception, match="not JSON"):
            json_object(text)
