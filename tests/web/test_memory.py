"""What a process keeps is bounded in number and bytes, and what was asked for longest ago goes first."""

from api.web.memory import Memory


def kept(memory: Memory[str], keys: str) -> str:
    """Which of these keys something is kept by."""
    return "".join(key for key in keys if memory.find(key) is not None)


def test_what_was_asked_for_longest_ago_is_forgotten_first() -> None:
    memory = Memory[str](2, 100)
    for key in "ab":
        memory.keep(key, key, 1)
    assert memory.find("a") == "a"
    memory.keep("c", "c", 1)
    assert kept(memory, "abc") == "ac"


def test_what_is_kept_is_bounded_by_bytes() -> None:
    memory = Memory[str](9, 100)
    for key, size in (("a", 40), ("b", 40), ("a", 60), ("c", 10)):
        memory.keep(key, key, size)
    assert kept(memory, "abc") == "ac", "what takes the place of something takes its room too"
    memory.keep("d", "d", 100)
    assert kept(memory, "acd") == "d"
    memory.keep("e", "e", 101)
    assert kept(memory, "de") == "", "what is larger than all the room there is has none"
    memory.keep("f", "f", 100)
    assert kept(memory, "f") == "f"


def test_nothing_is_kept_once_everything_is_forgotten() -> None:
    memory = Memory[str](9, 100)
    memory.keep("a", "a", 100)
    memory.clear()
    assert kept(memory, "a") == ""
    memory.keep("b", "b", 100)
    assert kept(memory, "b") == "b"
