# Read by scripts/test and scripts/lint: sets $python to the environment's Python, defines lint.

start_python() { # any Python 3.11 or newer: "python3" may be older than the "python3.12" beside it
  for name in python3 python3.14 python3.13 python3.12 python3.11; do
    "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$name"; return; }
  done
  echo "scripts/test needs Python 3.11 or newer on the PATH, and found none. Nothing was run." >&2
  return 3
}

first=$(start_python)
python=$("$first" scripts/voicecoach --setup test)

lint() {
  "$python" -m ruff check . scripts/voicecoach
  "$python" -m ruff format --check . scripts/voicecoach
  "$python" -m mypy
}
