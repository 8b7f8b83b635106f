"""The jobs of a run that failed, and what they said: from Snakemake's events and their logs."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from deeplift_genomics.files.words import shortened

_TAIL = 100_000  # bytes of a log that are searched for the message
_LONGEST = 4000  # letters of a message


class FailedJob(NamedTuple):
    """A job that failed: its rule, the files that it should have made, and its logs."""

    rule: str
    outputs: list[str]
    logs: list[str]


class FailureWatch(logging.Handler):
    """The jobs that failed last time they ran, from the events that Snakemake logs.

    A job that failed, ran again and succeeded is none.
    """

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._failed: dict[Any, FailedJob] = {}

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(getattr(record, "event", None), "name", "")  # an enumeration's
        if event == "JOB_ERROR":
            outputs = [str(path) for path in getattr(record, "output", [])]
            logs = [str(path) for path in getattr(record, "log", [])]
            job = FailedJob(str(getattr(record, "rule_name", "")), outputs, logs)
            self._failed[getattr(record, "jobid", len(self._failed))] = job
        elif event == "JOB_FINISHED":
            self._failed.pop(getattr(record, "job_id", None), None)

    def failed(self) -> list[FailedJob]:
        """Return the jobs that failed, without those of a failed group that made their files."""
        return [
            job
            for job in self._failed.values()
            if not job.outputs or not all(Path(path).exists() for path in job.outputs)
        ]


def drop_command_errors(record: logging.LogRecord) -> bool:
    """Return False for the note that a command failed, whose event tells the command, too."""
    wrapped = getattr(record, "exception", "") == "RuleException"
    return not (wrapped and "CalledProcessError" in record.getMessage())


def lines_of(failed: Sequence[FailedJob]) -> Iterator[str]:
    """Yield the lines that tell of failed jobs: their files, their last words, their logs."""
    yield f"{len(failed)} job{'s' if len(failed) > 1 else ''} failed:"
    for job in failed:
        yield f"  {job.rule}: {', '.join(job.outputs) or 'no output'}"
        yield from (f"    {line}" for line in last_words(job.logs).splitlines())
        yield from (f"    log: {log}" for log in job.logs)
    yield "Mend this and start the same command: what is finished is not made again."


def last_words(logs: Sequence[str]) -> str:
    """Return the last ``error:`` line of a job's logs with what follows, or else its last line."""
    if not logs:  # a rule of another workflow
        return "its messages are above, because it has no log"
    for path in logs:
        lines = _tail(Path(path))
        begins = [number for number, line in enumerate(lines) if line.startswith("error:")]
        if begins:
            return shortened("\n".join(lines[begins[-1] :]).strip(), _LONGEST)
    for path in logs:
        if lines := [line for line in _tail(Path(path)) if line.strip()]:
            return (
                "without a message, as when it is killed or out of memory or time; its last line: "
                + shortened(lines[-1].strip(), _LONGEST)
            )
    return "without a message, as when it is killed or out of memory or time"


def _tail(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL))
            return file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
