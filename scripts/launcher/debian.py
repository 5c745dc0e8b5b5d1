"""Installs system packages where that is possible (as root, with apt-get)."""

import os
import shutil

from .progress import run


def may_install() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: list[str], log: str) -> bool:
    """Install the packages; True if it worked."""
    # dpkg refuses to work without ldconfig and start-stop-daemon, which may not be on a short PATH.
    path = os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/local/sbin:/usr/sbin:/sbin"
    env = {**os.environ, "PATH": path, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    what = "installing " + " ".join(packages)
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if run(what, command, log, env=env) == 0:
        return True
    # A fresh container has no package lists yet, and an old machine's are out of date.
    run("fetching the package lists", ["apt-get", "update"], log, env=env)
    return run(what, command, log, env=env) == 0
