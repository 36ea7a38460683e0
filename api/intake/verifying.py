"""Verifying: the documents are read again and every locator is held against their text."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from api.store.models import Claim, Document
from schemas.claims import LONGEST_SPAN
from schemas.vocabulary import ClaimStatus


@dataclass(slots=True)
class Report:
    """How much was checked, and every fault found."""

    documents: int = 0
    locators: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        found = f"{len(self.faults)} faults" if self.faults else "no faults"
        return f"{self.documents} documents and {self.locators} locators checked: {found}"


def verify(folder: Path) -> Report:
    """Check digest and length of every document and the span of every claim on it.

    A document is the file `ID.txt`, read as UTF-8. A missing file is a fault.
    """
    report = Report()
    for document in Document.select().order_by(Document.id):
        report.documents += 1
        path = folder / f"{document.id}.txt"
        try:
            content = path.read_bytes()
            text = content.decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            report.faults.append(f"{document.id}: cannot be read: {error}")
            continue
        if hashlib.sha256(content).hexdigest() != document.sha256:
            report.faults.append(f"{document.id}: is another text than the one that was read (sha256 differs)")
        if len(text) != document.length:
            report.faults.append(f"{document.id}: has {len(text)} characters, the record says {document.length}")
        _verify_claims(document, text, report)
    return report


def _verify_claims(document: Document, text: str, report: Report) -> None:
    standing = (Claim.document == document) & (Claim.status != ClaimStatus.RETRACTED)
    for claim in Claim.select().where(standing).order_by(Claim.place_in_list):
        report.locators += 1
        where = f"{document.id}: claim {claim.id} at {claim.span_start}–{claim.span_end}"
        if text[claim.span_start : claim.span_end] != claim.exact:
            report.faults.append(f"{where}: the text there is not {claim.exact!r}")
        if len(claim.exact.split()) > LONGEST_SPAN:
            report.faults.append(f"{where}: repeats more than {LONGEST_SPAN} words")
