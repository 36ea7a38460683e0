"""The timetable: what no document of the record shows, written for a terminal."""

from typing import Any

from api.forms.timetable import entries, timetable

Fields = dict[str, Any]

NOWHERE = {"place": None, "population": None, "period": None}
UNKNOWN = {"earliest": None, "latest": None}


def entry(amount: int, **fields: Any) -> Fields:
    return {
        "value": {"kind": "quantity", "qualifier": "exact", "amount": amount},
        "denied": False,
        "status": "current",
        "property": "deaths",
        "scope": NOWHERE,
        "as_of": UNKNOWN,
        "said": UNKNOWN,
        "published": {"first": None, "last": None},
        "documents": ["paper-1"],
        "origins": [],
        "claims": ["c1"],
        "superseded": None,
        "late": [],
        **fields,
    }


def question(*given: Fields, **fields: Any) -> Fields:
    return {
        "question": "the-strike.deaths",
        "property": "deaths",
        "label": "Deaths",
        "scope": NOWHERE,
        "conflict": False,
        "entries": list(given),
        **fields,
    }


def gone(by: int, relation: str = "updates", **fields: Any) -> Fields:
    return {"by": by, "relation": relation, "rule": "r", "because": "b", "said": UNKNOWN, "published": None, **fields}


def lines(*timelines: Fields) -> list[str]:
    return timetable(timelines).splitlines()


def test_an_empty_timetable_is_its_headings() -> None:
    assert timetable([]) == "  VALUE  STATUS  SAID  OUT BY\n"


def test_what_is_unknown_is_marked_or_said() -> None:
    shown = lines(question(entry(21, status="superseded", superseded=gone(1)), entry(24)))
    assert shown[3:6] == [
        "  21     superseded  ?     ?",
        "    held ? · 1 document · (own voice)",
        "    → replaced by 24: said at an unknown time, published at an unknown time",
    ]


def test_a_correction_is_called_one() -> None:
    corrected = gone(0, "corrects", said={"earliest": "2024-01-02", "latest": "2024-01-02"}, published="2024-01-03")
    shown = lines(question(entry(22), entry(24, status="corrected", superseded=corrected)))
    assert "    → corrected to 22: said 2 Jan 2024, out by 3 Jan 2024" in shown


def test_late_repeats_are_listed_under_the_successor() -> None:
    late = entry(21, status="superseded", superseded=gone(1), late=["weekly", "monthly"])
    shown = lines(question(late, entry(24)))
    assert shown[6] == "    still printed after that: weekly, monthly"


def test_a_denial_says_not() -> None:
    assert lines(question(entry(24, denied=True)))[3].split()[:2] == ["not", "24"]
    assert entries([question(entry(21, superseded=gone(1)), entry(24, denied=True))])[0]["successor"] == "not 24"


def test_a_whole_among_the_entries_names_its_property() -> None:
    shown = lines(question(entry(3, property="child_deaths"), entry(2), property="child_deaths"))
    assert shown[3].split()[0] == "3"
    assert shown[5].strip().startswith("2 (deaths)")


def test_a_conflict_is_said_beside_the_label() -> None:
    assert lines(question(entry(24), conflict=True))[2] == "Deaths · CONFLICT · the-strike.deaths"


def test_a_question_to_which_nobody_gives_a_value_says_so() -> None:
    assert lines(question())[2:] == ["Deaths · the-strike.deaths", "  nobody gives a value"]


def test_a_long_value_has_a_line_of_its_own_and_keeps_the_columns() -> None:
    term = {"kind": "category", "term": "response_to_the_killing_of_civilians"}
    shown = lines(question(entry(0, value=term), entry(24)))
    assert shown[3] == "  response to the killing of civilians"
    assert shown[4].index("current") == shown[6].index("current") == shown[0].index("STATUS")


def test_times_with_an_offset_keep_it() -> None:
    instant = "2023-12-31T09:00+03:00"
    shown = lines(question(entry(24, published={"first": instant, "last": instant})))
    assert shown[3].endswith("31 Dec 2023, 09:00 (UTC+03:00)")


def test_an_interval_with_one_known_end_says_which() -> None:
    shown = lines(question(entry(24, said={"earliest": None, "latest": "2023-12-31"})))
    assert "by 31 Dec 2023" in shown[3]
