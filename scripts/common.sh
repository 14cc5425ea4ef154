# Sourced by the other scripts: where the checkout is, where cargo builds, and how a step is announced.
# shellcheck shell=bash

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# Outside the checkout, so that a fresh clone reuses what an earlier one compiled.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/weiting/target}"

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# The first Chromium that really starts. Ubuntu's `chromium-browser` is only a pointer to a snap where no snap is installed.
find_chromium() {
  local candidate path
  for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
    [ -n "$candidate" ] || continue
    path=$(command -v "$candidate" 2>/dev/null) || continue
    if grep -qsI 'snap install chromium' "$path" && [ ! -e /snap/bin/chromium ]; then continue; fi
    printf '%s\n' "$path"
    return 0
  done
  return 1
}

# `took 3 725` → `62 min 05 s`
took() {
  if [ "$1" -lt 60 ]; then printf '%d s' "$1"; else printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); fi
}
