#!/usr/bin/env bash
# Tests of the package with another Python, in an environment of its own with the pinned versions:
#     envs/pythons.sh 3.13          engine, steps, settings, readers of genomes and regions
#     envs/pythons.sh 3.13 quick    a small run through all steps of the workflow
# Does nothing, and says so, where neither PATH nor pyenv has that Python.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$1 root=$PWD place=$PWD/.venv/python$1
export PYENV_VERSION=$version
if ! "python$version" -c "" 2> /dev/null; then
  echo "python$version is not on PATH, so nothing was tested with it."
  exit
fi
# compiled when it is imported: most of it never is
install=("$place/bin/pip" install --quiet --no-compile --no-deps)
if [ ! -e "$place/installed" ]; then
  "python$version" -m venv "$place"
  "${install[@]}" --require-hashes --requirement envs/requirements.txt
  "${install[@]}" --no-build-isolation --editable .
  touch "$place/installed"
fi
export PATH="$place/bin:$PATH"
if [ "${2:-}" = quick ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  cp -rL .test/folds/. "$folder"
  cd "$folder"
  echo "A run with Python $version:"
  snakemake --snakefile "$root/workflow/Snakefile" --cores all > said 2>&1 || { cat said; exit 1; }
  python -m deeplift_genomics verify results
else
  "${install[@]}" --require-hashes --requirement envs/requirements-dev.txt
  python -m pytest -q tests/engine tests/steps tests/settings tests/dna
fi
