"""`weibao allocate solve`: the allocation's file, what is said, refusals, and what an interruption leaves."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.allocation.check import check
from core.allocation.files import read_allocation, read_problem, write_problem
from core.allocation.result import VERSION, Status
from tests.benchmarks.wishes.terms import a_term
from tests.functional.allocation_files.conftest import Run, change

Files = tuple[Path, Path]
COMMAND = Path(sys.executable).with_name("weibao")


def test_the_documents_example_is_solved_as_the_document_says(weibao: Run, files: Files) -> None:
    done = weibao("allocate", "solve", files[0], "-o", "found.json.gz", "--seconds", 20, "--workers", 1)
    assert done.exit_code == 0
    found, said = read_allocation(Path("found.json.gz")), read_allocation(files[1])
    assert (found.places, found.opened, found.aims) == (said.places, said.opened, said.aims)
    assert (found.status, found.version) == (Status.OPTIMAL, VERSION)
    assert "Every aim is proved to be reached as well as can be." in done.stdout
    assert "3 children have a place, 0 have none; 3 places are given, and 2 of 2 activities are held." in done.stdout
    assert weibao("allocate", "check", files[0], "found.json.gz").exit_code == 0


def test_quiet_says_nothing(weibao: Run, files: Files) -> None:
    done = weibao("allocate", "solve", files[0], "-o", "found.json", "--quiet")
    assert (done.exit_code, done.output) == (0, "")


def test_a_problem_is_never_written_over(weibao: Run, files: Files) -> None:
    before = files[0].read_bytes()
    done = weibao("allocate", "solve", files[0], "-o", files[0])
    assert done.exit_code == 1
    assert "choose another name" in done.stderr
    assert files[0].read_bytes() == before


def test_what_is_malformed_is_named_by_its_place_and_nothing_is_written(weibao: Run, files: Files) -> None:
    change(files[0], pins=[{"child": "c-9", "activity": "a-chess"}])
    done = weibao("allocate", "solve", files[0], "-o", "found.json")
    assert (done.exit_code, done.stderr.strip()) == (1, "$.pins[0]: “c-9” is not in the problem.")
    assert not Path("found.json").exists()


def test_pins_that_cannot_be_kept_end_it_with_a_sentence(weibao: Run, files: Files) -> None:
    pins = [{"child": child, "activity": "a-football"} for child in ("c-1", "c-3")]
    change(files[0], pins=pins)
    done = weibao("allocate", "solve", files[0], "-o", "found.json")
    assert done.exit_code == 1
    assert "a-football" in done.stderr
    assert not Path("found.json").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_writes_the_best_so_far(tmp_path: Path, number: signal.Signals) -> None:
    problem, output = tmp_path / "term.json", tmp_path / "found.json"
    write_problem(problem, a_term(1000, 250, 2))
    command = (str(COMMAND), "allocate", "solve", str(problem), "-o", str(output), "--seconds", "300", "--workers", "2")
    environment = {**os.environ, "WEIBAO_LANG": "en", "WEIBAO_PLUGINS": ""}
    with subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert any(" s " in line for line in process.stderr)
        process.send_signal(number)
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "Stopped early" in said
    found = read_allocation(output)
    assert found.status is Status.CANCELLED
    assert check(read_problem(problem), found).valid
