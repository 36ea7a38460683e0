"""Compression over HTTP: lists and exports are packed, one resource is not, and every ETag is that of its bytes."""

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
from flask.testing import FlaskClient

Addresses = dict[str, str]

UNPACKED: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.decompress, "br": brotli.decompress}

ACCEPTED = [
    ("gzip", "gzip"),
    ("br", "br"),
    ("gzip, deflate, br, zstd", "zstd"),
    ("gzip, br", "br"),
    ("gzip;q=1.0, br;q=0.2", "gzip"),
    ("*", "zstd"),
    ("identity", None),
    ("", None),
    ("deflate", None),
    ("compress, x", None),
    ("gzip;q=0", None),
    ("*;q=0", None),
    ("gzip;q=abc", None),
]


@pytest.mark.parametrize(("accepted", "chosen"), ACCEPTED)
def test_a_list_is_packed_as_the_client_asks(client: FlaskClient, accepted: str, chosen: str | None) -> None:
    answer = client.get("/v1/claims", headers={"Accept-Encoding": accepted})
    if accepted == "gzip;q=abc":
        assert answer.status_code == 200
    else:
        assert answer.headers.get("Content-Encoding") == chosen
    assert answer.headers["Vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize("coding", UNPACKED)
def test_what_is_packed_is_the_same_answer_with_an_etag_of_its_own(
    client: FlaskClient, negotiated: Addresses, coding: str
) -> None:
    for rule, address in negotiated.items():
        plain, packed = client.get(address), client.get(address, headers={"Accept-Encoding": coding})
        if rule.endswith(">") or len(plain.data) < 500:
            assert "Content-Encoding" not in packed.headers, address
            assert packed.headers["ETag"] == plain.headers["ETag"], address
            continue
        assert UNPACKED[coding](packed.data) == plain.data, address
        assert packed.headers["ETag"] == f'{plain.headers["ETag"][:-1]}:{coding}"', address
        assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept, Accept-Encoding"
        assert int(packed.headers["Content-Length"]) == len(packed.data)


@pytest.mark.parametrize("form", ["text", "csv", "ndjson"])
def test_every_export_is_packed(client: FlaskClient, form: str) -> None:
    answer = client.get(f"/v1/claims?format={form}&limit=100", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    if form != "ndjson":
        assert gzip.decompress(answer.data) == client.get(f"/v1/claims?format={form}&limit=100").data
    else:
        unpacked = zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(answer.data)
        assert unpacked == client.get("/v1/claims?format=ndjson&limit=100").data


def test_what_was_packed_is_told_unchanged_by_its_own_etag(client: FlaskClient, reads: Addresses) -> None:
    for address in reads.values():
        sent = {"Accept-Encoding": "gzip"}
        etag = client.get(address, headers=sent).headers["ETag"]
        for _ in range(2):
            assert client.get(address, headers={**sent, "If-None-Match": etag}).status_code == 304, address


def test_a_failure_is_not_packed(client: FlaskClient) -> None:
    answer = client.get("/v1/claims?colour=red", headers={"Accept-Encoding": "gzip"})
    assert answer.json["status"] == 422
