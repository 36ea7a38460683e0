"""Headers are written out once, and only those that are sound."""

import pytest
from gunicorn.http.errors import InvalidResponseHeader, InvalidResponseHeaderName

from api.web import headlines


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headlines, "LINES", {})


def test_headers_come_in_their_order_a_line_each() -> None:
    headers = [("Vary", "Accept"), ("ETag", '"x"'), ("X-Request-Id", "one")]
    for _ in range(2):
        assert headlines.lines(headers) == ('Vary: Accept\r\nETag: "x"\r\nX-Request-Id: one\r\n', False)


@pytest.mark.parametrize("name", ["Content-Length", "content-length"])
def test_whether_there_is_a_length_is_told(name: str) -> None:
    for _ in range(2):
        assert headlines.lines([("Vary", "Accept"), (name, "3")])[1]


def test_only_what_comes_again_is_remembered() -> None:
    headlines.lines([("Vary", "Accept"), ("ETag", '"x"'), ("X-Request-Id", "one"), ("Content-Length", "3")])
    assert list(headlines.LINES) == [("Vary", "Accept")]


@pytest.mark.parametrize(
    ("header", "refused"),
    [
        (("Vary", "Accept\r\nSet-Cookie: a=b"), InvalidResponseHeader),
        (("ETag", "a\nb"), InvalidResponseHeader),
        (("X: y", "z"), InvalidResponseHeaderName),
        (("Connection", "close"), InvalidResponseHeaderName),
        (("Date", "now"), InvalidResponseHeaderName),
        (("Server", "mine"), InvalidResponseHeaderName),
        (("Transfer-Encoding", "chunked"), InvalidResponseHeaderName),
    ],
)
def test_what_is_not_sound_or_for_the_server_to_say_is_refused_each_time(
    header: tuple[str, str], refused: type[Exception]
) -> None:
    for _ in range(2):
        with pytest.raises(refused):
            headlines.lines([header])


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headlines, "MOST", 3)
    for number in range(10):
        assert headlines.lines([("Last-Modified", str(number))])[0] == f"Last-Modified: {number}\r\n"
        assert len(headlines.LINES) <= 3
