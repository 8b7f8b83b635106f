#!/usr/bin/env bash
# Snakemake runs this in the environment of attribution.yaml, once it is made. tf-keras, which loads
# files of Keras 2, asks for tensorflow, which tensorflow-cpu is.
set -euo pipefail
pip install --quiet --no-deps tf-keras==2.21.0
