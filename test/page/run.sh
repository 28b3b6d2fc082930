#!/usr/bin/env bash
# Opens the page in a real Chromium: the one of Debian's packages, which is installed where it is missing, or the one
# that PIPE_CHROMIUM names. Arguments go to vitest: names of tests, -t words.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ -z "${PIPE_CHROMIUM:-}" ] && ! command -v chromium >/dev/null; then
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
fi
npx vitest run --config test/page/vitest.config.ts "$@"
