#!/usr/bin/env bash
# Compares pipe with Keras, SciPy and scikit-learn themselves: the same training, step by step, draws and scores.
# PIPE_KERAS_PYTHON names a Python that has requirements.txt installed; without it, one is set up in a temporary folder.
# Arguments go to vitest: run.sh scores
set -euo pipefail
cd "$(dirname "$0")/../../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "${PIPE_KERAS_PYTHON:-}" ]; then
  here=test/peers/parity
  if python3 -m venv "$work/python" 2>/dev/null; then
    PIPE_KERAS_PYTHON=$work/python/bin/python
    "$PIPE_KERAS_PYTHON" -m pip install --quiet --disable-pip-version-check --requirement $here/requirements.txt
  else
    python3 -m pip install --quiet --disable-pip-version-check --target "$work/packages" --requirement $here/requirements.txt
    export PYTHONPATH=$work/packages
    PIPE_KERAS_PYTHON=python3
  fi
fi
export PIPE_KERAS_PYTHON
npx vitest run --config test/peers/parity/vitest.config.ts "$@"
