"""What the documents claim of tests: every test they name exists, every requirement names one, every procedure says how it is known."""

import re

import pytest

from daemon import ROOT

DOCS = sorted((ROOT / "docs").glob("*.md"))
FOR_DEVELOPERS = {"contributing.md"}
MARKS = ("executed in ci", "executed by `make kit`", "executed by hand", "validated only")


def sections(text):
    """(heading, body) of every heading; what stands under a deeper one is that one's."""
    parts = re.split(r"^(#+ .*)$", text, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2]))


def named_tests(text):
    return re.findall(r"`((?:tests/[\w/]+(?:\.(?:cc|py))?)|test_\w+\.py)`", text)


def found(name) -> bool:
    path = ROOT / name if name.startswith("tests/") else ROOT / "tests/system" / name
    if path.is_dir():
        return any(path.glob("**/*_test.cc")) or any(path.glob("**/test_*.py")) or (path.name == "fixtures" and any(path.iterdir()))
    if path.suffix == ".py":
        return path.exists() and re.search(r"^def test_", path.read_text(encoding="utf-8"), re.MULTILINE) is not None
    return path.exists() and re.search(r"^(TEST|TEST_F|TEST_P|RC_GTEST_PROP|.*LLVMFuzzerTestOneInput)\(", path.read_text(encoding="utf-8"), re.MULTILINE) is not None


@pytest.mark.parametrize("path", [ROOT / "README.md", *DOCS], ids=lambda path: path.name)
def test_every_test_that_is_named_exists(path):
    missing = [name for name in named_tests(path.read_text(encoding="utf-8")) if not found(name)]
    assert missing == []


def rows(text):
    """The cells of every row of every table, headings left out."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines
            if not set(line) <= set("|- ") and not line.startswith("| requirement ") and not line.startswith("| step ")]


def test_every_requirement_of_part_11_and_annex_11_names_its_test_its_gap_or_its_owner():
    text = dict(sections((ROOT / "docs/validation.md").read_text(encoding="utf-8")))
    records, access = rows(text["## Records"]), rows(text["## Access and signatures"])
    assert len(records) > 15 and len(access) > 5
    silent = [row[0] for row in records if not (named_tests(row[2]) or "as there" in row[2])]
    silent += [row[0] for row in access
               if not (named_tests(row[1]) or "the user's" in row[1] or "**gap**" in row[1] or "does not apply" in row[1])]
    assert silent == []


def test_the_matrix_covers_the_clauses_that_it_must():
    text = (ROOT / "docs/validation.md").read_text(encoding="utf-8")
    for clause in [f"11.10({letter})" for letter in "abcdefghijk"] + ["11.30", "11.50", "11.70", "11.200", "11.300"]:
        assert clause in text or f"({clause[-2]})" in text, clause
    annex = set(re.findall(r"Annex 11, (\d+)", text))
    assert {str(number) for number in range(1, 18)} - annex == set(), "clauses of Annex 11 that nothing is said of"


def procedures():
    for path in DOCS:
        if path.name in FOR_DEVELOPERS:
            continue
        for heading, body in sections(path.read_text(encoding="utf-8")):
            if "```sh" in body:
                yield pytest.param(path, heading, body, id=f"{path.name}:{heading.strip('# ')}")


@pytest.mark.parametrize("path, heading, body", procedures())
def test_every_procedure_says_how_it_is_known_to_work(path, heading, body):
    before = body[:body.index("```sh")]
    assert any(mark in before.lower() for mark in MARKS), f"{path.name}, {heading}: no mark before its commands"
    if "executed in ci" in before.lower():
        assert named_tests(before), f"{path.name}, {heading}: executed in CI, by which test?"


def test_the_kit_does_what_the_documents_say_that_it_does():
    kit = "".join((ROOT / "tools" / name).read_text(encoding="utf-8") for name in ("kit", "try-package", "try-machine"))
    for claim in ("dockerfile-utils", "compose", "helm", "kubernetes-validate", "dpkg --purge", "mmdebstrap", "tools/try-machine \"$deb\""):
        assert claim in kit, claim
    assert all((ROOT / "tools" / name).stat().st_mode & 0o111 for name in ("try-package", "try-machine"))


def test_the_clean_machine_follows_every_page_that_says_so():
    """Where a page says that its commands are executed by PACKAGE=1 make kit, tools/try-machine follows that very section."""
    machine = (ROOT / "tools/try-machine").read_text(encoding="utf-8")
    claimed = [heading.strip("# ") for path in DOCS for heading, body in sections(path.read_text(encoding="utf-8"))
               if "```sh" in body and "*executed by `package=1 make kit`*" in body.lower()]
    assert len(claimed) >= 5
    assert [heading for heading in claimed if f'"{heading}"' not in machine] == []
