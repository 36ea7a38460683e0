"""Google's own client, unchanged but for its endpoint, against a running server."""

from collections.abc import Iterator
from typing import Any

import pytest
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

Fields = dict[str, Any]


@pytest.fixture
def service(server: str) -> Iterator[Any]:
    """The client, with the discovery document it brings."""
    options = {"api_endpoint": server}
    with build(
        "factchecktools", "v1alpha1", developerKey="any", static_discovery=True, client_options=options
    ) as client:
        yield client


def test_a_search_finds_claims_with_our_assessment(service: Any, server: str) -> None:
    found = service.claims().search(query="belgorod deaths").execute()
    assert len(found["claims"]) == 10
    ratings = {claim["claimReview"][0]["textualRating"] for claim in found["claims"]}
    assert "superseded: 24 as of 1 January 2024" in ratings
    assert all(
        review["url"].startswith(f"{server}/v1/") for claim in found["claims"] for review in claim["claimReview"]
    )


def test_every_field_of_an_answer_is_one_of_the_discovery_document(service: Any) -> None:
    schemas = service._schema.schemas
    prefix = "GoogleFactcheckingFactchecktoolsV1alpha1"

    def check(content: Any, name: str) -> None:
        properties = schemas[name]["properties"]
        assert set(content) <= set(properties)
        for field, value in content.items():
            kind = properties[field]
            inner = kind.get("items", kind).get("$ref")
            assert isinstance(value, list) is (kind.get("type") == "array")
            for item in value if isinstance(value, list) else [value]:
                if inner:
                    check(item, inner)
                else:
                    assert isinstance(item, str)

    whole = service.claims().search(query="belgorod", pageSize=100).execute()
    check(whole, f"{prefix}FactCheckedClaimSearchResponse")


def test_its_paging_visits_every_claim_once(service: Any) -> None:
    whole = service.claims().search(query="belgorod deaths", pageSize=100).execute()["claims"]
    gathered: list[Fields] = []
    request = service.claims().search(query="belgorod deaths", pageSize=4)
    while request is not None:
        page = request.execute()
        gathered += page["claims"]
        request = service.claims().search_next(request, page)
    assert gathered == whole


def test_every_parameter_it_knows_is_taken(service: Any, server: str) -> None:
    found = (
        service.claims()
        .search(
            query="belgorod deaths",
            languageCode="en-GB",
            reviewPublisherSiteFilter="127.0.0.1",
            maxAgeDays=36_500,
            pageSize=2,
            pageToken="",
            offset=1,
            fields="claims(text,claimReview/url),nextPageToken",
            prettyPrint=False,
            key="another",
            quotaUser="me",
            uploadType="media",
            upload_protocol="raw",
            access_token="t",  # noqa: S106 — Google's own client is given one, and nobody asks for it
            oauth_token="t",  # noqa: S106 — Google's own client is given one, and nobody asks for it
            alt="json",
            x__xgafv="2",
        )
        .execute()
    )
    assert [set(claim) for claim in found["claims"]] == [{"text", "claimReview"}] * 2
    assert all(set(review) == {"url"} for claim in found["claims"] for review in claim["claimReview"])
    assert found["nextPageToken"]


def test_what_nothing_answers_is_an_empty_answer(service: Any) -> None:
    request = service.claims().search(query="nothing of the kind")
    assert request.execute() == {}
    assert service.claims().search_next(request, {}) is None


def test_a_query_too_long_for_an_address_is_sent_as_a_form_and_answered(service: Any) -> None:
    cyrillic = "Белгород погибшие " * 25
    request = service.claims().search(query=cyrillic)
    assert len(request.uri) > 2_048
    assert request.execute() == {}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "is required unless review_publisher_site_filter is given"),
        ({"query": "a", "fields": "kind"}, "Cannot find matching fields for path 'kind'."),
        ({"query": "a", "pageToken": "made-up"}, "expected the nextPageToken of an earlier page"),
        ({"query": "a", "pageSize": -1}, "must not be less than 0"),
    ],
)
def test_a_refusal_reaches_the_caller_with_its_details(service: Any, asked: Fields, said: str) -> None:
    with pytest.raises(HttpError) as refused:
        service.claims().search(**asked).execute()
    assert refused.value.status_code == 400
    assert refused.value.reason == "Request contains an invalid argument."
    assert said in refused.value.error_details[0]["fieldViolations"][0]["description"]


def test_methods_that_are_not_ours_say_so(service: Any) -> None:
    pages = service.pages()
    for request in (
        service.claims().imageSearch(imageUri="https://a.example/a.png"),
        pages.list(),
        pages.get(name="pages/1"),
        pages.create(body={}),
        pages.update(name="pages/1", body={}),
        pages.delete(name="pages/1"),
    ):
        with pytest.raises(HttpError) as refused:
            request.execute()
        assert refused.value.status_code == 501
        assert "claims.search" in refused.value.reason
