# Sourced by the other scripts: sets $first and $python, defines debian_packages and lint.

start_python() { # prints any Python 3.11 or newer: "python3" may be older than the "python3.12" beside it
  for name in python3 python3.14 python3.13 python3.12 python3.11; do
    "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$name"; return; }
  done
  echo "scripts/test needs Python 3.11 or newer on the PATH, and found none. Nothing was run." >&2
  return 3
}

missing_packages() {
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || echo "$package"
  done
}

# Installs these Debian packages as root; otherwise prints the command to type.
debian_packages() {
  command -v apt-get >/dev/null || return 0
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    echo "To run everything, type: sudo apt-get install -y" $missing
    return 0
  fi
  echo "installing" $missing
  log=$(mktemp)
  export DEBIAN_FRONTEND=noninteractive
  PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin # dpkg needs ldconfig
  if { apt-get update && apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    rm -f "$log"
  else
    tail -5 "$log"
    echo "that did not work; the whole log: $log"
  fi
}

first=$(start_python)
python=$("$first" scripts/voicecoach --setup test)

lint() {
  "$python" -m ruff check . scripts/voicecoach scripts/smoke_due
  "$python" -m ruff format --check . scripts/voicecoach scripts/smoke_due
  if "$python" -c "import torch" 2>/dev/null; then
    "$python" -m mypy
  else # then everything from PyTorch has the type Any, and the code that uses it is checked less strictly
    echo "PyTorch is missing: models/recipe, tests/recipe and scripts/benches are checked less strictly"
    "$python" -m mypy --exclude "^(tests/recipe|scripts/benches)/" voicecoach tests scripts scripts/smoke_due
    "$python" -m mypy --ignore-missing-imports --no-warn-unused-ignores --no-warn-return-any \
      --allow-subclassing-any --allow-untyped-decorators models/recipe tests/recipe scripts/benches
  fi
  # Checked separately, because it has the same name as the package. launcher/ is beside it.
  MYPYPATH=scripts "$python" -m mypy scripts/voicecoach
}
