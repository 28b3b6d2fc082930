#!/usr/bin/env bash
# Other programs read what pipe writes: pyarrow, pandas and polars every artifact, Chromium the reports (test/report-page).
# Installs what it needs: a Python environment in a temporary folder, Chromium from Debian's packages where it is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
store=${PIPE_PEERS_STORE:-}
if [ -z "$store" ]; then
  store=$work/store
  node dist/src/cli/main.js run pipelines/emnist.yaml --store "$store" --set samples=1500 --set test=300 --set folds=2 \
    --set epochs=1 --set fit.mlp.epochs=1 --set fit.cnn.epochs=1 --set fit.lstm.epochs=1 --set fit.cnn-lstm.epochs=1
fi
if python3 -m venv "$work/python" 2>/dev/null; then
  python=$work/python/bin/python
  "$python" -m pip install --quiet --disable-pip-version-check pyarrow pandas polars
else
  python3 -m pip install --quiet --disable-pip-version-check --target "$work/packages" pyarrow pandas polars
  export PYTHONPATH=$work/packages
  python=python3
fi
"$python" test/peers/read_store.py "$store"
if ! command -v chromium >/dev/null; then
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
fi
node dist/src/cli/main.js report @1 --store "$store" -o "$work/run-report.html"
PIPE_REPORTS=$(printf '%s:' "$store"/reports/*.html)$work/run-report.html npx vitest run --config test/report-page/vitest.config.ts
