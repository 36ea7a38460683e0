"""W3C PROV over HTTP: provenance that the `prov` library reads back as it was written."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from prov.identifier import QualifiedName
from prov.model import PROV, ProvAgent, ProvAttribution, ProvDerivation, ProvDocument, ProvEntity, ProvGeneration

from api.addresses import Asked
from api.forms import lineage
from schemas.linked import LINEAGE, PROVENANCE, SHOWN_BY

BELGOROD = "belgorod-strike-2023-12-30"
PROV_JSON = "application/prov+json"
ROOT = Path(__file__).parents[2]

Item = dict[str, Any]


def read(client: FlaskClient, path: str) -> ProvDocument:
    answer = client.get(path, headers={"Accept": PROV_JSON})
    assert answer.status_code == 200, answer.text
    assert answer.content_type == PROV_JSON
    return ProvDocument.deserialize(content=answer.text, format="json")


def derived(document: ProvDocument, kind: str) -> list[tuple[Any, Any]]:
    """What was derived from what in one way."""
    found = (record for record in document.get_records(ProvDerivation) if PROV[kind] in record.get_asserted_types())
    return [tuple(record.args[:2]) for record in found]


def name(thing: QualifiedName) -> str:
    return str(thing.localpart)


def paths(listing: Callable[..., list[Item]]) -> list[str]:
    claims = [f"/v1/claims/{claim['id']}/provenance" for claim in listing("/v1/claims")[::5]]
    return claims + [item["links"]["provenance"] for item in listing("/v1/discrepancies")]


def test_what_is_read_back_and_written_again_is_the_same(
    client: FlaskClient, listing: Callable[..., list[Item]]
) -> None:
    for path in paths(listing):
        document = read(client, path)
        again = ProvDocument.deserialize(content=document.serialize(format="json"), format="json")
        assert again == document
        assert document == read(client, path)


def test_a_claim_is_quoted_from_its_document_rests_on_its_statement_and_is_attributed_to_its_chain(
    client: FlaskClient, listing: Callable[..., list[Item]]
) -> None:
    for claim in listing("/v1/claims", event=BELGOROD):
        document = read(client, f"/v1/claims/{claim['id']}/provenance")
        ((quoted, quoted_from),) = derived(document, "Quotation")
        assert (name(quoted), name(quoted_from)) == (claim["id"], claim["document"])
        ((resting, rests_on),) = derived(document, "PrimarySource")
        assert name(resting) == claim["id"]
        if claim["statement"]:
            assert name(rests_on) == claim["statement"]
        attributed = [record.args for record in document.get_records(ProvAttribution)]
        mine = [name(agent) for thing, agent in attributed if name(thing) == claim["id"] and thing == quoted]
        chain = [link["source"] for link in claim["attribution"]]
        assert sorted(mine) == sorted(chain or [claim["document"]])


def test_everything_a_relation_names_is_described(client: FlaskClient, listing: Callable[..., list[Item]]) -> None:
    for path in paths(listing):
        document = read(client, path)
        entities = {record.identifier for record in document.get_records(ProvEntity)}
        agents = {record.identifier for record in document.get_records(ProvAgent)}
        for record in document.get_records(ProvDerivation):
            assert set(record.args[:2]) <= entities
        for record in document.get_records(ProvAttribution):
            assert record.args[0] in entities
            assert record.args[1] in agents


def test_the_quotation_says_which_characters_and_the_document_which_text(
    client: FlaskClient, picking: Callable[..., list[Item]]
) -> None:
    claim = picking(BELGOROD, "deaths", amount=22)[0]
    document = read(client, f"/v1/claims/{claim['id']}/provenance")
    (quotation,) = (
        record for record in document.get_records(ProvDerivation) if PROV["Quotation"] in record.get_asserted_types()
    )
    told = {name(key): value for key, value in quotation.extra_attributes}
    assert (told["start"], told["end"], told["label"]) == (
        claim["locator"]["start"],
        claim["locator"]["end"],
        "wasQuotedFrom",
    )
    (text,) = (record for record in document.get_records(ProvEntity) if name(record.identifier) == claim["document"])
    digest = client.get(f"/v1/documents/{claim['document']}").json["sha256"]
    assert digest in {value for key, value in text.attributes if name(key) == "sha256"}


def test_sources_act_for_the_organisations_they_are_part_of(
    client: FlaskClient, picking: Callable[..., list[Item]]
) -> None:
    claim = picking(BELGOROD, "deaths", amount=24, qualifier="exact")[0]
    written = client.get(f"/v1/claims/{claim['id']}/provenance?format=provn").text
    assert "actedOnBehalfOf(source:vyacheslav-gladkov, source:" in written
    assert "source:russia" in written


def test_a_claim_on_nobodys_word_rests_on_its_document_and_is_its_voices(
    client: FlaskClient, listing: Callable[..., list[Item]]
) -> None:
    claim = next(item for item in listing("/v1/claims") if not item["attribution"] and item["statement"] is None)
    document = read(client, f"/v1/claims/{claim['id']}/provenance")
    ((_, rests_on),) = derived(document, "PrimarySource")
    assert name(rests_on) == claim["document"]
    agents = {record.identifier for record in document.get_records(ProvAgent)}
    assert [agent.uri for agent in agents] == [f"urn:crosscheck:voice:{claim['document']}"]


def test_the_names_of_what_is_served_are_its_addresses(client: FlaskClient, picking: Callable[..., list[Item]]) -> None:
    claim = picking(BELGOROD, "deaths", amount=24, qualifier="exact")[0]
    document = read(client, f"/v1/claims/{claim['id']}/provenance")
    served = [record.identifier.uri for record in document.get_records() if record.identifier]
    ours = [uri for uri in served if uri.startswith("http://localhost/")]
    assert len(ours) >= 4
    for uri in ours:
        assert client.get(uri).status_code == 200, uri


def test_a_discrepancy_is_derived_from_each_of_its_claims_once(client: FlaskClient) -> None:
    item = client.get("/v1/discrepancies", query_string={"event": BELGOROD, "property": "deaths"}).json["items"][0]
    document = read(client, item["links"]["provenance"])
    derivations = [record.args for record in document.get_records(ProvDerivation)]
    mine = [name(used) for made, used, *_ in derivations if name(made) == item["id"]]
    assert mine == [claim["id"] for given in item["values"] for claim in given["claims"]]
    entities = [record.identifier for record in document.get_records(ProvEntity)]
    assert len(entities) == len(set(entities))


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_same_provenance_is_written_by_the_same_bytes(client: FlaskClient, record: str, seed: str) -> None:
    path = client.get("/v1/discrepancies").json["items"][0]["links"]["provenance"]
    code = (
        "from api.app import create_app; from api.config import Config; "
        f"print(create_app(Config({record!r})).test_client().get({path + '?format=prov'!r}).text, end='')"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    written = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True)  # noqa: S603 — a command of our own
    assert written.stdout.decode() == client.get(f"{path}?format=prov").text


def test_the_notation_for_people_is_text(client: FlaskClient) -> None:
    path = client.get("/v1/discrepancies").json["items"][0]["links"]["provenance"]
    answer = client.get(path, headers={"Accept": "text/provenance-notation"})
    assert answer.content_type == "text/provenance-notation; charset=utf-8"
    assert answer.text.startswith("document\n")
    assert answer.text.endswith("endDocument\n")


@pytest.mark.parametrize(
    ("earliest", "latest", "instants"),
    [
        ("2024-05-01T18:00+02:00", "2024-05-01T18:00+02:00", 1),
        ("2024-05-01", "2024-05-01", 0),
        ("2024-05-01T18:00Z", "2024-05-01T19:00Z", 0),
        (None, "2024-05-01T18:00Z", 0),
        (None, None, 0),
    ],
)
def test_a_statement_was_made_at_a_time_only_where_that_is_known(
    earliest: str | None, latest: str | None, instants: int
) -> None:
    said_at = {"earliest": earliest, "latest": latest}
    content = {**PROVENANCE, "statement": {**PROVENANCE["statement"], "said_at": said_at}}
    written = lineage.prov_json(content, Asked("https://crosscheck.example", ""))
    document = ProvDocument.deserialize(content=written, format="json")
    assert len(list(document.get_records(ProvGeneration))) == instants


def test_a_correction_revises_and_an_origin_without_a_statement_gave_its_word() -> None:
    asked = Asked("https://crosscheck.example", "")
    taken_back = {**PROVENANCE["statement"], "follows": "mayor-0", "corrects": True}
    written = lineage.prov_json({**PROVENANCE, "statement": taken_back}, asked)
    document = ProvDocument.deserialize(content=written, format="json")
    assert [(name(one), name(other)) for one, other in derived(document, "Revision")] == [("mayor-1", "mayor-0")]
    document = ProvDocument.deserialize(
        content=lineage.prov_json({**PROVENANCE, "statement": None}, asked), format="json"
    )
    ((_, word),) = derived(document, "PrimarySource")
    assert word.uri == f"urn:crosscheck:said:{PROVENANCE['claim']}"


def test_what_the_description_shows_is_what_is_written() -> None:
    asked = Asked(SHOWN_BY, "")
    assert LINEAGE["prov"] == orjson.loads(lineage.prov_json(PROVENANCE, asked))
    assert LINEAGE["provn"] == lineage.prov_n(PROVENANCE, asked).decode()
