"""Lineage: where a claim comes from, as W3C PROV says it.

The claim was quoted from its document, has the statement it goes back to as its primary source, and is
attributed to everybody in its chain. PROV-JSON writes a quotation and a primary source as derivations of that type;
their labels name them. What is here is named by its address; what only a document vouches for by a URN.
"""

from collections.abc import Mapping
from typing import Any

from prov.identifier import Namespace
from prov.model import PROV, ProvDocument

from api.addresses import Asked
from schemas.moments import parse_span

Fields = Mapping[str, Any]

DUBLIN_CORE = Namespace("dcterms", "http://purl.org/dc/terms/")
TERMS = Namespace("crosscheck", "urn:crosscheck:term:")
SAID = Namespace("said", "urn:crosscheck:said:")
VOICE = Namespace("voice", "urn:crosscheck:voice:")

NOUNS = {"claim": "claims", "document": "documents", "source": "sources", "statement": "statements"}
KINDS = {"person": "Person", "office": "Organization", "organisation": "Organization", "outlet": "Organization"}
OWN_VOICE = "the document's own voice"


def prov_json(content: Fields, asked: Asked) -> bytes:
    """Write provenance as PROV-JSON."""
    return str(_document(content, asked.base).serialize(format="json")).encode()


def prov_n(content: Fields, asked: Asked) -> bytes:
    """Write provenance as PROV-N, the notation for people."""
    return f"{_document(content, asked.base).get_provn()}\n".encode()


def _document(content: Fields, base: str) -> ProvDocument:
    lineage = Lineage(base)
    for item in content.get("items", [content]):
        lineage.claim(item)
    if "discrepancy" in content:
        lineage.discrepancy(content)
    return lineage.prov.unified()


class Lineage:
    """A PROV document in the making; what is there already is not said again."""

    def __init__(self, base: str) -> None:
        self.prov = ProvDocument()
        self._spaces = {noun: Namespace(noun, f"{base}/v1/{path}/") for noun, path in NOUNS.items()}
        self._spaces["discrepancy"] = Namespace("discrepancy", f"{base}/v1/discrepancies/")
        for space in (*self._spaces.values(), DUBLIN_CORE, TERMS, SAID, VOICE):
            self.prov.add_namespace(space)
        self._told: set[Any] = set()

    def claim(self, item: Fields) -> None:
        """Add a claim with its document, statement, chain and origin."""
        name = self._spaces["claim"][item["claim"]]
        if not self._first(name):
            return
        locator = item["locator"]
        self.prov.entity(name, {PROV["type"]: TERMS["Claim"], PROV["value"]: locator["exact"]})
        document = self._read(item["document"])
        quoted = {
            PROV["label"]: "wasQuotedFrom",
            TERMS["start"]: locator["start"],
            TERMS["end"]: locator["end"],
        }
        self.prov.quotation(name, document, other_attributes=quoted)
        self._attributed(name, item)
        rests_on = self._primary(item, document)
        self.prov.primary_source(name, rests_on, other_attributes={PROV["label"]: "hadPrimarySource"})

    def discrepancy(self, content: Fields) -> None:
        """Add a discrepancy, derived from its claims."""
        name = self._spaces["discrepancy"][content["discrepancy"]]
        self.prov.entity(name, {PROV["type"]: TERMS["Discrepancy"]})
        for claim in dict.fromkeys(item["claim"] for item in content["items"]):
            self.prov.derivation(name, self._spaces["claim"][claim])

    def _first(self, *told: Any) -> bool:
        """Whether this is said for the first time."""
        before = told in self._told
        self._told.add(told)
        return not before

    def _read(self, fields: Fields) -> Any:
        """Add a document and whoever speaks in it."""
        name = self._spaces["document"][fields["id"]]
        if self._first(name):
            published = fields["published"]
            known = {
                PROV["type"]: TERMS["Document"],
                DUBLIN_CORE["title"]: fields["title"],
                DUBLIN_CORE["language"]: fields["language"],
                DUBLIN_CORE["publisher"]: fields["publisher"],
                DUBLIN_CORE["source"]: fields["url"],
                TERMS["sha256"]: fields["sha256"],
                TERMS["publishedEarliest"]: published["earliest"],
                TERMS["publishedLatest"]: published["latest"],
            }
            self.prov.entity(name, _known(known))
            voice = VOICE[fields["id"]]
            self.prov.agent(voice, {PROV["label"]: fields["publisher"] or OWN_VOICE})
            self.prov.attribution(name, voice)
        return name

    def _attributed(self, name: Any, item: Fields) -> None:
        """Attribute a claim to each link of its chain; without one, to the voice of its document."""
        for position, link in enumerate(item["attribution"]):
            agent = self._agent(link["source"], link["part_of"])
            attributes = {
                TERMS["role"]: link["role"],
                TERMS["position"]: position,
                TERMS["channel"]: link["channel"],
                TERMS["inferred"]: link["inferred"] or None,
            }
            self.prov.attribution(name, agent, other_attributes=_known(attributes))
        if not item["attribution"]:
            self.prov.attribution(name, VOICE[item["document"]["id"]])

    def _primary(self, item: Fields, document: Any) -> Any:
        """Return what the claim finally rests on: a statement, the origin's word, or the document itself."""
        if item["statement"] is not None:
            return self._statement(item["statement"])
        if item["origin"] is None:
            return document
        word = SAID[item["claim"]]
        self.prov.entity(
            word, {PROV["type"]: TERMS["Word"], PROV["label"]: "what the origin said, as the chain has it"}
        )
        self.prov.attribution(word, self._agent(item["origin"], ()))
        return word

    def _statement(self, fields: Fields) -> Any:
        name = self._spaces["statement"][fields["id"]]
        if not self._first(name):
            return name
        said_at = fields["said_at"]
        known = {
            PROV["type"]: TERMS["Statement"],
            TERMS["channel"]: fields["channel"],
            TERMS["saidEarliest"]: said_at["earliest"],
            TERMS["saidLatest"]: said_at["latest"],
        }
        self.prov.entity(name, _known(known))
        self.prov.attribution(name, self._spaces["source"][fields["source"]])
        self._told_of(fields["source"])
        instant = parse_span(said_at["earliest"], said_at["latest"]).instant
        if instant is not None:
            self.prov.generation(name, time=instant)
        if fields["follows"] is not None:
            earlier = self._spaces["statement"][fields["follows"]]
            if self._first("named", earlier):
                self.prov.entity(earlier)
            (self.prov.revision if fields["corrects"] else self.prov.influence)(name, earlier)
        return name

    def _agent(self, source: Fields, part_of: Any) -> Any:
        """Add a source and the organisations it is a part of, each acting for the next."""
        name = self._spaces["source"][source["id"]]
        if self._first("agent", name):
            kind = PROV[KINDS[source["kind"]]] if source["kind"] in KINDS else TERMS["Unnamed"]
            self.prov.agent(
                name, _known({PROV["type"]: kind, PROV["label"]: source["name"], TERMS["side"]: source["side"]})
            )
        for inner, outer in zip((source["id"], *part_of), part_of, strict=False):
            if self._first("part", inner, outer):
                self._told_of(outer)
                self.prov.delegation(self._spaces["source"][inner], self._spaces["source"][outer])
        return name

    def _told_of(self, source: str) -> None:
        """Name a source that may or may not be described elsewhere."""
        name = self._spaces["source"][source]
        if ("agent", name) not in self._told and self._first("named", name):
            self.prov.agent(name)


def _known(attributes: Mapping[Any, Any]) -> dict[Any, Any]:
    return {name: value for name, value in attributes.items() if value is not None}
