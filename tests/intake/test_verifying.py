"""Verifying: every document and every locator is held against the text."""

from pathlib import Path

import pytest

from api.intake.loading import load
from api.intake.verifying import verify
from tests.intake.folders import TEXTS, Content, entry, small, without, write


def texts(folder: Path, **changed: str | None) -> Path:
    """Write the texts of the documents, some of them changed or, where None, left out."""
    folder.mkdir()
    for name, text in {**TEXTS, **changed}.items():
        if text is not None:
            (folder / f"{name}.txt").write_bytes(text.encode())
    return folder


@pytest.fixture(autouse=True)
def content(empty: str, tmp_path: Path) -> Content:
    content = small()
    load(write(tmp_path / "fixtures", content))
    return content


def test_documents_as_they_were_read_have_no_faults(tmp_path: Path) -> None:
    report = verify(texts(tmp_path / "texts"))
    assert (report.documents, report.locators, report.faults) == (3, 7, [])
    assert str(report) == "3 documents and 7 locators checked: no faults"


def test_a_missing_document_is_a_fault_and_the_others_are_still_checked(tmp_path: Path) -> None:
    report = verify(texts(tmp_path / "texts", one=None))
    (fault,) = report.faults
    assert fault.startswith("one: cannot be read")
    assert (report.documents, report.locators) == (3, 4)


def test_a_document_of_the_same_length_with_another_letter_is_another_text(tmp_path: Path) -> None:
    report = verify(texts(tmp_path / "texts", three=TEXTS["three"].replace("Witnesses", "witnesses")))
    assert report.faults == ["three: is another text than the one that was read (sha256 differs)"]


def test_a_document_that_grew_is_named_with_both_lengths(tmp_path: Path) -> None:
    report = verify(texts(tmp_path / "texts", three=TEXTS["three"] + "More.\n"))
    length = len(TEXTS["three"])
    assert f"three: has {length + 6} characters, the record says {length}" in report.faults


def test_a_locator_counts_characters_not_bytes(tmp_path: Path, content: Content) -> None:
    quoted = TEXTS["two"].index("“said”")
    entry(content, "claims", "c4")["locator"] = {"start": quoted, "end": quoted + 6, "exact": "“said”"}
    load(write(tmp_path / "fixtures", content))
    assert verify(texts(tmp_path / "texts")).faults == []


def test_a_span_that_is_not_in_the_text_there_is_a_fault(tmp_path: Path, content: Content) -> None:
    start = entry(content, "claims", "c4")["locator"]["start"]
    entry(content, "claims", "c4")["locator"].update(start=start + 1, end=start + 3)
    load(write(tmp_path / "fixtures", content))
    (fault,) = verify(texts(tmp_path / "texts")).faults
    assert fault == f"two: claim c4 at {start + 1}–{start + 3}: the text there is not '24'"


def test_a_retracted_claim_is_not_held_against_the_text(tmp_path: Path, content: Content) -> None:
    entry(content, "claims", "c4")["locator"].update(start=0, end=2)
    load(write(tmp_path / "fixtures", content))
    load(write(tmp_path / "fixtures", without(content, "claims", "c4")))
    assert verify(texts(tmp_path / "texts")).faults == []


def test_a_document_that_is_not_utf_8_is_a_fault(tmp_path: Path) -> None:
    folder = texts(tmp_path / "texts")
    (folder / "three.txt").write_bytes(b"caf\xe9")
    (fault,) = verify(folder).faults
    assert fault.startswith("three: cannot be read")
