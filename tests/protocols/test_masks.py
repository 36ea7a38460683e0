"""Masks: the grammar of partial responses, against every way to write what is wanted."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.protocols.masks import MaskError, Shape, Tree, mask, masked, shape_of
from schemas.factcheck import FactChecksSchema

SHAPE = shape_of(FactChecksSchema())

ANSWER = {
    "claims": [
        {
            "text": "a",
            "claimant": "b",
            "claimReview": [{"url": "c", "publisher": {"name": "d", "site": "e"}}, {"url": "f"}],
        },
        {"text": "g"},
    ],
    "nextPageToken": "h",
}

CASES: list[tuple[str, Any]] = [
    ("*", ANSWER),
    ("nextPageToken", {"nextPageToken": "h"}),
    ("nextPageToken,claims/text", {"claims": [{"text": "a"}, {"text": "g"}], "nextPageToken": "h"}),
    ("claims(text)", {"claims": [{"text": "a"}, {"text": "g"}]}),
    ("claims.text", {"claims": [{"text": "a"}, {"text": "g"}]}),
    ("claims/claimReview/url", {"claims": [{"claimReview": [{"url": "c"}, {"url": "f"}]}, {}]}),
    (
        "claims(text,claimReview/publisher(name))",
        {"claims": [{"text": "a", "claimReview": [{"publisher": {"name": "d"}}, {}]}, {"text": "g"}]},
    ),
    ("claims(text), nextPageToken", {"claims": [{"text": "a"}, {"text": "g"}], "nextPageToken": "h"}),
    ("claims/*/url", {"claims": [{"claimReview": [{"url": "c"}, {"url": "f"}]}, {}]}),
    ("*/text", {"claims": [{"text": "a"}, {"text": "g"}]}),
    ("claims/text,claims", {"claims": ANSWER["claims"]}),
    ("claims,claims/text", {"claims": ANSWER["claims"]}),
    ("claims.claim_review.url", {"claims": [{"claimReview": [{"url": "c"}, {"url": "f"}]}, {}]}),
    ("next_page_token", {"nextPageToken": "h"}),
]


@pytest.mark.parametrize(("text", "left"), CASES)
def test_a_mask_leaves_what_it_names(text: str, left: Any) -> None:
    assert masked(ANSWER, mask(text, SHAPE)) == left


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind", "Cannot find matching fields for path 'kind'."),
        ("claims(text,foo)", "Cannot find matching fields for path 'claims.foo'."),
        ("claims/text/foo", "Cannot find matching fields for path 'claims.text.foo'."),
        ("claims/*/foo", "Cannot find matching fields for path 'claims.*.foo'."),
        ("nextPageToken/*", "Cannot find matching fields for path 'nextPageToken.*'."),
        ("Claims", "Cannot find matching fields for path 'Claims'."),
        ("claims(", "Expected a field after 'claims(', found the end."),
        ("claims()", "Expected a field after 'claims(', found ')'."),
        ("claims(text", "Expected a closing bracket after 'claims(text', found the end."),
        ("claims(text)text", "Expected a comma or the end after 'claims(text)', found 'text'."),
        ("claims(text)/url", "Expected a comma or the end after 'claims(text)', found '/'."),
        ("claims)", "Expected a comma or the end after 'claims', found ')'."),
        ("claims,", "Expected a field after 'claims,', found the end."),
        (",claims", "Expected a field after '', found ','."),
        ("claims//text", "Expected a field after 'claims/', found '/'."),
        (" ", "Expected a field after '', found the end."),
        ("claims[0]", "Unexpected character '['."),
        ("cläims", "Unexpected character 'ä'."),
        ("claims(" * 50, "A mask has at most 20 levels."),
        ("a/" * 900, "A mask has at most 20 levels."),
    ],
)
def test_what_is_no_mask_is_refused_with_the_place(text: str, said: str) -> None:
    with pytest.raises(MaskError) as refused:
        mask(text, SHAPE)
    assert said in str(refused.value)


def trees(shape: Shape) -> st.SearchStrategy[Tree]:
    """Masks that name some fields of a shape, and of some of those only a part."""
    if not shape:
        return st.just({})
    names = st.lists(st.sampled_from(sorted(shape)), min_size=1, unique=True)

    def inside(chosen: list[str]) -> st.SearchStrategy[Tree]:
        return st.fixed_dictionaries({name: st.just({}) | trees(shape[name]) for name in chosen})

    return names.flatmap(inside)


@st.composite
def written(draw: st.DrawFn, tree: Tree) -> str:
    """A mask written in one of the ways it can be: with brackets or paths, with spaces or without, in any order."""
    return draw(st.sampled_from([",", ", ", " , "])).join(draw(fields_of(tree)))


@st.composite
def fields_of(draw: st.DrawFn, tree: Tree) -> list[str]:
    """The fields of a mask, each written by itself."""
    found: list[str] = []
    for name, inner in draw(st.permutations(list(tree.items()))):
        if not inner:
            found.append(name)
        elif draw(st.booleans()):
            found.append(f"{name}({draw(written(inner))})")
        else:
            mark = draw(st.sampled_from("/."))
            found += [f"{name}{mark}{part}" for part in draw(fields_of(inner))]
    return found


@given(st.data())
def test_however_a_mask_is_written_it_means_the_same(data: st.DataObject) -> None:
    tree = data.draw(trees(SHAPE))
    text = data.draw(written(tree))
    assert mask(text, SHAPE) == tree, text


def paths(content: Any, so_far: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """The paths of everything in an answer, whatever the item of a list."""
    if isinstance(content, list):
        return {path for item in content for path in paths(item, so_far)}
    if isinstance(content, dict):
        return {path for name, inner in content.items() for path in {(*so_far, name)} | paths(inner, (*so_far, name))}
    return set()


def wanted(tree: Tree, path: tuple[str, ...]) -> bool:
    """Whether a mask asks for what lies at a path."""
    for name in path:
        if not tree:
            return True
        if name not in tree:
            return False
        tree = tree[name]
    return True


@given(trees(SHAPE))
def test_a_mask_leaves_exactly_the_paths_it_names(tree: Tree) -> None:
    assert paths(masked(ANSWER, tree)) == {path for path in paths(ANSWER) if wanted(tree, path)}


@given(trees(SHAPE))
def test_a_mask_applied_twice_leaves_what_it_left(tree: Tree) -> None:
    once = masked(ANSWER, tree)
    assert masked(once, tree) == once


@given(st.text(alphabet="claimstexurn*/.,() _N", max_size=60) | st.text(max_size=30))
def test_any_text_is_a_mask_or_is_refused(text: str) -> None:
    with suppress(MaskError):
        assert paths(masked(ANSWER, mask(text, SHAPE))) <= paths(ANSWER)
