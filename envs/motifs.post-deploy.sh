#!/usr/bin/env bash
# Snakemake runs this in the environment of motifs.yaml, once it is made. numba compiles what compares
# motifs, so that no job has to do it.
set -euo pipefail
if [ -n "${DEEPLIFT_GENOMICS_CHECKOUT:-}" ]; then
    PYTHONPATH="$DEEPLIFT_GENOMICS_CHECKOUT" python -m deeplift_genomics.motifs.tomtom
fi
