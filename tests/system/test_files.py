"""The command line reads what it wrote: frames and lines, from files and from pipes, sound and malformed messages alike."""

import json
import subprocess

import pytest

from daemon import ctl, ctl_json, program

HOW = ("--subjects", 3, "--seed", 5, "--malformed", 0.02, "--now", "2026-11-01T00:00:00Z", "--quiet")


@pytest.fixture(name="made", scope="module")
def fixture_made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    for name in ("cohort.log", "cohort.ndjson"):
        ctl("simulate", *HOW, "--out", folder / name)
    return folder


def test_frames_from_a_pipe_are_those_of_the_file(made):
    of_file = ctl_json("replay", made / "cohort.log")
    piped = subprocess.run([program("cellvigilctl"), "replay", "-", "--json"], input=(made / "cohort.log").read_bytes(),
                           capture_output=True, timeout=60, check=False)
    assert json.loads(piped.stdout) == of_file, piped.stderr
    cut = subprocess.run([program("cellvigilctl"), "replay", "-"], input=(made / "cohort.log").read_bytes()[:-7],
                         capture_output=True, timeout=60, check=False)
    assert cut.returncode != 0, "a stream that breaks off is not taken for a whole one"


def test_lines_hold_every_message_that_the_frames_hold(made):
    frames, lines = (ctl_json("replay", made / name) for name in ("cohort.log", "cohort.ndjson"))
    assert lines["counts"]["messages"] == frames["counts"]["messages"]
    assert lines["counts"]["outcomes"] == frames["counts"]["outcomes"]
    assert lines["counts"]["reasons"] == frames["counts"]["reasons"] and frames["counts"]["outcomes"]["rejected"] > 0


def test_nothing_is_said_but_what_the_command_says(made):
    graded = ctl("grade", made / "cohort.ndjson", check=False)
    assert graded.returncode == 1 and "rejected" in graded.stderr
    assert "libprotobuf" not in graded.stderr
    assert "no field of that name" not in graded.stderr, "raw lines are messages"
