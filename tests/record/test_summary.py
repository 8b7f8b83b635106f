"""The summary of a run: what was made, what to doubt, what failed, and files of other settings."""

import errno
import logging
import os
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from deeplift_genomics.cohort.unique import UNIQUE
from deeplift_genomics.files.system_faults import fault
from deeplift_genomics.files.tables import write_table
from deeplift_genomics.instances.table import INSTANCES
from deeplift_genomics.motifs.names import MOTIFS, Label
from deeplift_genomics.record.failed import FailedJob, FailureWatch, drop_command_errors, last_words
from deeplift_genomics.record.leftovers import leftovers, warning_of_leftovers
from deeplift_genomics.record.summary import write_summary
from deeplift_genomics.settings.results import RESULTS, SUMMARY, results_of
from tests.alleles_page.made import write_made
from tests.motif_runs import MotifRun
from tests.motifs.made_motifs import GATA, Made, write_motif_file

ROW = {"sample": "k562", "heads": "counts,profile", "regions": "r.bed", "fasta": "g.fa"}
OLD = {**ROW, "sample": "old one"}


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Return a folder with the results of two samples with two targets each, and a user's notes."""
    folder = tmp_path / "my results"
    for row in (ROW, OLD):
        for item in results_of(row):
            path = folder / item.path
            path.mkdir(parents=True) if path.suffix == ".logos" else write(path)
        for name in ("logs", "benchmarks"):
            write(folder / row["sample"] / name / "check.log")
    write(folder / "k562" / "notes.txt")
    write(folder / "figures" / "counts.report.html")
    write(folder / "models" / "model.json")  # a user's model
    return folder


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_results_of_other_settings_are_found_and_cleared(results: Path) -> None:
    assert leftovers(results, [ROW, OLD]) == []
    found = leftovers(results, [{**ROW, "heads": "profile"}])
    assert results / "old one" in found
    names = {path.name for path in found if path.parent.name == "k562"}
    assert len(names) >= 6 and all(name.startswith("counts.") for name in names)
    warning = warning_of_leftovers(found, results)
    assert warning is not None
    command = warning.partition("If nobody needs them: ")[2]
    subprocess.run(["bash", "-c", command], check=True)
    assert leftovers(results, [{**ROW, "heads": "profile"}]) == []
    assert (results / "k562" / "notes.txt").exists()
    assert (results / "k562" / "report.html").exists()
    assert (results / "figures" / "counts.report.html").exists()
    assert (results / "models" / "model.json").exists()
    assert not (results / "old one").exists()


def test_a_hub_of_samples_that_had_an_assembly_is_left_over(results: Path) -> None:
    (results / "hub").mkdir()  # of somebody else
    assert leftovers(results, [ROW, OLD]) == []
    (results / "hub" / "hub.txt").touch()  # of samples whose assembly was named before
    assert leftovers(results, [ROW | {"genome": "hg38"}, OLD]) == []
    assert leftovers(results, [ROW, OLD]) == [results / "hub"]


def test_what_a_user_put_beside_old_results_is_not_cleared(results: Path) -> None:
    write(results / "old one" / "notes.txt")
    found = leftovers(results, [ROW])
    assert results / "old one" not in found
    assert results / "old one" / "report.html" in found
    assert results / "old one" / "notes.txt" not in found


def test_files_of_a_former_version_are_named(results: Path) -> None:
    """`TARGET.instances.bed` held the seqlets; each target had a page."""
    for name in ("counts.instances.bed", "counts.report.html"):
        old = write(results / "k562" / name)
        text = write_summary(results, [ROW, OLD])
        assert f"results that no step of this configuration makes: k562/{name}. If nobody" in text
        found = leftovers(results, [ROW])
        assert old in found and results / "old one" in found
        old.unlink()


def test_pages_beside_the_report_are_said(tmp_path: Path) -> None:
    row = ROW | {"variants": "a.vcf"}
    numbers, page = (tmp_path / RESULTS[name].path.format(sample="k562") for name in
                     ("alleles", "alleles_page"))  # fmt: skip
    write_made(write(numbers))
    assert "alleles.html" not in write_summary(tmp_path, [row])
    write(page)
    write(page.with_name("evaluation.html"))
    text = write_summary(tmp_path, [row])
    assert f"  variants: 4 explained, 2 left out: {page}\n" in text
    assert f"  evaluation: {page.with_name('evaluation.html')}\n" in text
    warning = f"k562: 2 variants were left out; the column left_out of {page.with_suffix('.tsv')}"
    assert warning in text
    os.utime(page, (0, 0))
    assert f"{page} (of an earlier run)" in write_summary(tmp_path, [row])
    assert "variants" not in write_summary(tmp_path, [ROW])


def test_a_run_that_stopped_early_has_a_summary(tmp_path: Path) -> None:
    text = write_summary(tmp_path, [ROW])
    assert "k562: no windows yet\n  counts: no motifs yet\n  profile: no motifs yet\n" in text
    assert (tmp_path / SUMMARY).read_text() == text
    assert write_summary(tmp_path / "none", [ROW])
    assert not (tmp_path / "none").exists()


def test_files_of_an_earlier_run_are_not_taken_for_this_ones(results: Path) -> None:
    """A page older than its scores is named as such; motifs older than windows do not count."""
    made_in_order = ("windows.h5", "counts.scores.h5", "counts.modisco.h5")
    for seconds, made in enumerate(made_in_order):
        for name in (made, made.replace("counts", "profile")):
            os.utime(results / "k562" / name, (1000 + seconds, 1000 + seconds))
    text = write_summary(results, [ROW])
    assert "counts.modisco.h5 " in text and "report.html\n" in text
    os.utime(results / "k562" / "windows.h5", (2000, 2000))
    text = write_summary(results, [ROW])
    assert "  counts: no motifs yet\n" in text
    assert "  report: " in text and "report.html (of an earlier run)\n" in text


def write_labels(path: Path, *names: str) -> None:
    """Write SAMPLE/motifs.tsv: each name is a motif of the target counts."""
    rows = [Label(name, "counts", f"pos_{i}", 1, False, 0, 9, "A") for i, name in enumerate(names)]
    write_table(path, MOTIFS, rows)


def test_motifs_are_said_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "k562"
    write(folder / "windows.h5"), write(folder / "counts.scores.h5")
    write_motif_file(folder / "counts.modisco.h5", [Made(GATA), Made(GATA, sign=-1)])
    line = "  counts: motifs found: 1 that raise the target, 1 that lower it"
    for names, said in ((("GATA1", "TAL1"), "GATA1, TAL1"), (("A", "B", "A"), "A (2 patterns), B")):
        write_labels(folder / "motifs.tsv", *names)
        assert f"{line}: {said}\n" in write_summary(tmp_path, [ROW])
    write(folder / "motifs.tsv", "# something else\n")
    assert f"{line}. {folder / 'motifs.tsv'} is no table that" in write_summary(tmp_path, [ROW])
    # of an earlier run
    write_labels(folder / "motifs.tsv", "GATA1")
    os.utime(folder / "motifs.tsv", (1000, 1000))
    assert f"{line}\n" in write_summary(tmp_path, [ROW])


def test_instances_are_counted(motif_run: MotifRun, tmp_path: Path) -> None:
    folder = tmp_path / "k562"
    write(folder / "windows.h5"), write(folder / "counts.scores.h5")
    shutil.copy(motif_run.motifs, folder / "counts.modisco.h5")
    table = folder / "counts.instances.tsv"
    row = ("chr1", 1, 9, "GATA", "pos_0", "+", 1.0, 1.0, 1.0, "AGATAAGA", "a", 0, "", "", None)
    for number, said in ((0, ""), (1, "; 1 instance"), (3, "; 3 instances")):
        write_table(table, INSTANCES, [row] * number)
        line = f"  counts: motifs found: 1 that raise the target, 1 that lower it{said}\n"
        assert line in write_summary(tmp_path, [ROW])
    os.utime(table, (1000, 1000))  # of an earlier run
    assert "3 instances" not in write_summary(tmp_path, [ROW])
    write(table, "# instances version 9\n")
    assert f"lower it. {table} is no table that" in write_summary(tmp_path, [ROW])


def test_motifs_of_all_samples_are_said_if_there_are_several(tmp_path: Path) -> None:
    unique = [("CTCF", "k562", "CTCF"), ("CTCF", "old one", "CTCF"), ("NRF1", "k562", "NRF1")]
    label = Label("", "counts", "pos_0", 1, False, 0, 9, "A")
    write_table(tmp_path / "motifs.tsv", UNIQUE, [(*names, *label[1:]) for names in unique])
    assert "together" not in write_summary(tmp_path, [ROW, OLD])  # not made from these samples
    for sample in ("k562", "old one"):
        write(tmp_path / sample / "motifs.tsv")
        os.utime(tmp_path / sample / "motifs.tsv", (1000, 1000))
    text = write_summary(tmp_path, [ROW, OLD])
    assert f"\nall samples together: 2 motifs: CTCF, NRF1\n    {tmp_path / 'motifs.tsv'}\n" in text
    assert "together" not in write_summary(tmp_path, [ROW])
    names = {"MA1.1": "NRF1", "MA2.2": "x", "MA0139.9": "y", "k562/counts/pos_0": "z"}
    text = write_summary(tmp_path, [ROW], names=names)
    assert "motif_names has the keys MA1.1, MA2.2, MA0139.9, but no motif" in text
    row = label._replace(match_id="MA2.2", parts="CTCF + NRF1")
    write_table(tmp_path / "motifs.tsv", UNIQUE, [("CTCF+NRF1", "k562", "a", *row[1:])])
    text = write_summary(tmp_path, [ROW], names=names)
    assert "motif_names has the key MA0139.9, but no motif" in text
    del names["MA0139.9"]
    assert "motif_names" not in write_summary(tmp_path, [ROW], names=names)
    write(tmp_path / "motifs.tsv", "x\n")
    assert "all samples together: " in write_summary(tmp_path, [ROW, OLD])


def test_a_damaged_file_is_said(results: Path) -> None:
    text = write_summary(results, [ROW])
    assert text.count("windows.h5") == 1
    assert "k562/report.html" in text
    shutil.rmtree(results / "k562")
    assert "no windows yet" in write_summary(results, [ROW])


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ("12:00:00 at work\nerror: first\nerror: second\n", "error: second"),
        (
            "error: c.yaml cannot be used:\n  config key 'x'\n",
            "error: c.yaml cannot be used:\n  con",
        ),
        ("12:00:00 at work\n\n", "its last line: 12:00:00 at work"),
        ("", "without a message, as when it is killed"),
    ],
)
def test_the_last_words_of_a_job(tmp_path: Path, log: str, words: str) -> None:
    path = write(tmp_path / "a.log", log)
    assert words in last_words([str(path)])
    assert words in last_words([str(tmp_path / "none.log"), str(path)])


def test_what_keeps_files_away_does_not_keep_the_failed_jobs_away(
    results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_answer(*_: object, **__: object) -> None:
        raise fault("it", errno.EIO)

    for name in ("open_typed", "count_patterns", "read_numbers", "atomic_path"):
        monkeypatch.setattr(f"deeplift_genomics.record.summary.{name}", no_answer)
    monkeypatch.setattr(Path, "glob", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "none")))
    text = write_summary(results, [ROW], [FailedJob("call_peaks", ["a"], [])])
    assert "k562: it cannot be read: Input/output error" in text
    assert "  call_peaks: a\n    its messages are above, because it has no log\n" in text
    assert "This summary is on the screen only. it cannot be read" in text


def test_every_failed_job_is_listed_with_its_message_and_log(tmp_path: Path) -> None:
    jobs = []
    for number in range(600):
        log = write(tmp_path / f"{number}.log", f"begun\nerror: message {number}\n")
        jobs.append(FailedJob("attribute", [f"shard {number}"], [str(log)]))
    text = write_summary(tmp_path, [ROW], jobs)
    assert "\n600 jobs failed:\n" in text
    for number in (0, 107, 599):
        log = tmp_path / f"{number}.log"
        assert f"  attribute: shard {number}\n    error: message {number}\n    log: {log}\n" in text


def event(name: str, **more: object) -> logging.LogRecord:
    return logging.makeLogRecord({"event": SimpleNamespace(name=name), "msg": name, **more})


def test_failed_jobs_are_those_whose_last_attempt_failed(tmp_path: Path) -> None:
    watch = FailureWatch()
    made = str(write(tmp_path / "made"))
    for jobid, output in ((1, "a"), (2, "b"), (3, made)):
        watch.emit(
            event(
                "JOB_ERROR", jobid=jobid, rule_name="merge", output=[output], log=[f"{jobid}.log"]
            )
        )
    watch.emit(event("JOB_FINISHED", job_id=2))
    watch.emit(event("PROGRESS", done=1, total=3))
    assert watch.failed() == [FailedJob("merge", ["a"], ["1.log"])]


def test_only_the_note_on_a_command_is_dropped() -> None:
    said = "RuleException:\nCalledProcessError in file x"
    assert not drop_command_errors(event("ERROR", exception="RuleException", msg=said))
    assert drop_command_errors(event("ERROR", exception="RuleException", msg="Bad wildcard"))
    assert drop_command_errors(event("ERROR", exception="WorkflowError", msg=said))
    assert drop_command_errors(event("JOB_ERROR"))
