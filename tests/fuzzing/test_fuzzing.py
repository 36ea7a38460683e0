"""schemathesis over the whole API, on a running server: all checks and phases, data that fits or does not.

`make fuzz` asks many thousand cases; here the same is done with a fixed seed and few examples of each operation.
"""

import pytest

from tests.fuzzing.running import run

PARTS = {
    "claims and documents": "^/v1/(claims|documents)",
    "events": "^/v1/events",
    "questions and discrepancies": "^/v1/(questions|discrepancies)",
    "comparisons": "^/v1/(compare|assess)",
    "the rest of the record": "^/v1/(?!claims|documents|events|questions|discrepancies|compare|assess)",
    "fact checks": "^/v1alpha1/",
    "others": "^/(?!v1)",
}
"""The paths, in parts that take about as long as each other."""


def test_what_is_described_is_what_happens(server: str) -> None:
    done = run(server, "--phases=examples,fuzzing,stateful", "--max-examples=5", "--seed=1")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("paths", [pytest.param(paths, id=name) for name, paths in PARTS.items()])
def test_the_edges_of_what_is_described_are_where_the_description_has_them(server: str, paths: str) -> None:
    done = run(server, "--phases=coverage", f"--include-path-regex={paths}", "--seed=1")
    assert done.returncode == 0, done.stdout
