#!/usr/bin/env bash
# Runs pipelines on a real Slurm cluster of two nodes that lives in namespaces of its own on this machine (box.sh). Needs root,
# and installs Debian's packages of Slurm where they are missing; their daemons are not started outside of the box.
# PIPE_PEERS_STORE names a store with a finished run of the main job, to which the same run on the cluster is compared.
# Arguments go to vitest: run.sh failures
set -euo pipefail
cd "$(dirname "$0")/../../.."
if ! command -v slurmctld >/dev/null || ! command -v slurmd >/dev/null || ! command -v munged >/dev/null; then
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
  fi
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends slurmctld slurmd slurm-client munge >/dev/null
fi
node dist/src/cli/main.js setup
bash test/peers/slurm/box.sh npx vitest run --config test/peers/slurm/vitest.config.ts "$@"
