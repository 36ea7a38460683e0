"""Reading the cases: those of `fixtures/cases/*.yaml`, as a load reads them."""

from pathlib import Path

from api.intake.cases import Case, read_cases

FIXTURES = Path(__file__).parents[2] / "fixtures"


def cases(folder: Path = FIXTURES) -> tuple[Case, ...]:
    """Return every case of every file, in order; one that cannot be read is an error."""
    found, problems = read_cases(folder)
    if problems:
        raise ValueError("\n".join(map(str, problems)))
    return tuple(found)
