"""Mutated files: each is read or refused, in little time and memory, without other effects.

The number of a case is its seed, and a failure names it. The environment variable
DEEPLIFT_GENOMICS_FUZZ multiplies the number of cases.
"""

import os
import re

import pytest

from tests.fuzz.runner import fuzz

CASES = {
    "text:regions": 2000,
    "text:sequences": 800,
    "text:genome": 1500,
    "text:windows_of_regions": 1000,
    "text:tiles": 1000,
    "text:variants": 500,
    "text:aliases": 500,
    "text:genes": 1000,
    "twobit_files:genomes": 500,
    "text:config": 1500,
    "text:samples": 1500,
    "text:dropped": 1000,
    "text:known_motifs": 1000,
    "text:matches": 600,
    "text:instances": 500,
    "text:effects": 400,
    "text:oligos": 400,
    "hdf5_files:effects": 250,
    "text:motif_table": 500,
    "json_files:model_info": 1000,
    "json_files:record": 600,
    "bigwig_files:tracks": 1000,
    "hdf5_files:scores": 400,
    "hdf5_files:given": 200,
    "hdf5_files:motifs": 300,
    "hdf5_files:windows": 400,
    "hdf5_files:shards": 200,
    "hdf5_files:calls": 200,
    "prediction_files:predictions": 200,
    "prediction_files:predicted": 150,
    "prediction_files:outputs": 150,
    "prediction_files:alleles": 100,
}


def test_there_are_enough() -> None:
    assert sum(CASES.values()) >= 10_000


@pytest.mark.parametrize("target", CASES)
def test_what_is_mutated_is_read_or_refused(target: str) -> None:
    number = int(CASES[target] * float(os.environ.get("DEEPLIFT_GENOMICS_FUZZ", 1)))
    outcome = fuzz(f"tests.fuzz.{target}", number)
    assert not outcome.failures, "\n".join(outcome.failures[:20])
    assert outcome.cases == number
    # some mutations are noticed, and not all for the same reason
    assert min(outcome.results, outcome.refusals) > number / 20
    assert len({re.sub(r"/tmp\S*", "", message) for message in outcome.messages}) > 1
