"""Programs in a fork, driven from a process of their own: this one has threads."""

import json
import subprocess
import sys
from typing import Any

from tests.sites import ROOT

MAIN = """
import json, os, signal, sys, threading, time
from math import inf
from apps.runtime.forks import Fork, may_fork, run_python
said = {}
"""


def run(script: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", f"{MAIN}{script}\nprint(json.dumps(said))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_a_fork_ends_as_a_program_does() -> None:
    said = run(
        "acts = [lambda: None, lambda: sys.exit(3), lambda: sys.exit('why'), lambda: 1 / 0,\\\n"
        "    lambda: os.kill(os.getpid(), signal.SIGKILL)]\n"
        "said['codes'] = [Fork('web', act).wait(inf) for act in acts]"
    )
    assert said["codes"] == [0, 3, 1, 1, -9]


def test_a_fork_has_the_signals_the_session_and_the_name_of_a_new_program() -> None:
    said = run(
        "signal.signal(signal.SIGTERM, lambda *_: None)\n"
        "reading, writing = os.pipe()\n"
        "def act():\n"
        "    clean = signal.getsignal(signal.SIGTERM) == signal.SIG_DFL\n"
        "    blocked = len(signal.pthread_sigmask(signal.SIG_BLOCK, ()))\n"
        "    name = open('/proc/self/comm').read().strip()\n"
        "    told = [os.getsid(0) == os.getpid(), clean, blocked, name]\n"
        "    os.write(writing, json.dumps(told).encode())\n"
        "    time.sleep(60)\n"
        "fork = Fork('a-name-of-20-letters', act)\n"
        "said['seen'] = json.loads(os.read(reading, 1000))\n"
        "said['running'] = [fork.poll(), fork.wait(0)]\n"
        "fork.stop()\n"
        "said['code'] = fork.wait(inf)\n"
        "fork.stop()\n"
        "said['blocked'] = len(signal.pthread_sigmask(signal.SIG_BLOCK, ()))"
    )
    assert said["seen"] == [True, True, 0, "a-name-of-20-le"]
    assert (said["running"], said["code"], said["blocked"]) == ([None, None], -15, 0)


def test_it_runs_a_module_or_a_file_with_its_arguments() -> None:
    said = run(
        "reading, writing = os.pipe()\n"
        "os.set_inheritable(writing, True)\n"
        "def act():\n"
        "    os.dup2(writing, 1)\n"
        "    run_python(['-m', 'json.tool', '--compact', os.environ['FILE']])\n"
        "import tempfile\n"
        "file = tempfile.NamedTemporaryFile('w', suffix='.json')\n"
        "file.write('[1, 2]'); file.flush(); os.environ['FILE'] = file.name\n"
        "said['code'] = Fork('tool', act).wait(inf)\n"
        "said['module'] = os.read(reading, 100).decode()\n"
        "code = tempfile.NamedTemporaryFile('w', suffix='.py')\n"
        'code.write(\'import os, sys; sys.exit(__name__ == "__main__" and int(sys.argv[1])'
        " + 2)'); code.flush()\n"
        "run = Fork('file', lambda: run_python([code.name, '40']))\n"
        "said['file'] = run.wait(inf)"
    )
    assert (said["code"], json.loads(said["module"])) == (0, [1, 2])
    assert said["file"] == 42


def test_a_process_with_threads_is_not_forked() -> None:
    said = run(
        "said['alone'] = may_fork()\n"
        "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "said['with'] = may_fork()"
    )
    assert said == {"alone": True, "with": False}
