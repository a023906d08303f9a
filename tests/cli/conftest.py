"""The command line as people use it: a status, what it printed, and one sentence when it failed."""

import subprocess
import sys
from collections import namedtuple

import pytest

from mediation.cli.main import main

Answer = namedtuple("Answer", "status out err")


@pytest.fixture
def database_kind():
    """What differs between the databases is tested below the commands."""
    return "sqlite"


@pytest.fixture
def home(monkeypatch, instance, sqlite_template):
    """An instance folder that the commands find by its variable."""
    monkeypatch.setenv("MEDIATION_INSTANCE", str(instance))
    return instance


@pytest.fixture
def mediation(monkeypatch, capsys, home):
    """Run a command in this process."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["mediation", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Answer(ended.value.code, out, err)

    return run


@pytest.fixture
def fails(mediation):
    """Run a command that must fail with one sentence; the sentence."""

    def run(*words, sentences=1):
        answer = mediation(*words)
        assert answer.status not in (0, None)
        assert len(answer.err.strip().splitlines()) == sentences, answer.err
        return answer.err.strip()

    return run


@pytest.fixture
def process(home):
    """Run a command in a process of its own, as a shell does."""

    def run(*words, **env):
        command = [sys.executable, "-c", "from mediation.cli.main import main; main()", *map(str, words)]
        env = {"MEDIATION_INSTANCE": str(home), "PATH": "/usr/bin:/bin", **env}
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
        return Answer(done.returncode, done.stdout, done.stderr)

    return run
