"""Running a review: every event worked out anew, a batch at a time, going on where a run was stopped."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from api.engine.rules.table import RULE_SET_VERSION
from api.engine.wording import counted
from api.review.drafting import Change, Draft
from api.review.processes import Crew, Order, drafted
from api.review.upkeep import batches, finish, rules_changed, store, turn, turn_over
from api.store import bulk, queries
from api.store.bulk import fetched
from api.store.db import writing
from api.store.models import Review, Reviewed


class ReviewSuperseded(Exception):
    """Another run took this one's place."""


@dataclass(slots=True)
class Outcome:
    """What a review did: how many events and questions it worked out, and how many discrepancies changed."""

    events: int
    questions: int
    changed: int

    def __str__(self) -> str:
        events = counted(self.events, "event", "events")
        questions = counted(self.questions, "question", "questions")
        changed = counted(self.changed, "discrepancy", "discrepancies")
        return f"{events} and {questions} reviewed by rules {RULE_SET_VERSION}: {changed} changed"


@dataclass(slots=True)
class Watcher:
    """Who is told how a review goes: how many claims of how many are done, and what changed."""

    going_on: Callable[[str, int], object] = lambda begun_at, done: None
    progress: Callable[[int, int], object] = lambda done, total: None
    changed: Callable[[Change], object] = lambda change: None


def review(url: str, now: str, processes: int = 1, restart: bool = False, watcher: Watcher | None = None) -> Outcome:
    """Work everything out anew and store what differs.

    Every batch is committed whole, together with the note that it is done; a run that was stopped goes on from
    there, unless it is to `restart` or was by other rules. Raises ReviewSuperseded where another run begins or
    ends meanwhile.
    """
    watcher = watcher or Watcher()
    run = _begin(now, restart)
    sizes: dict[str, int] = dict(fetched(queries.event_sizes()))
    over = {event for (event,) in fetched(Reviewed.select(Reviewed.event))}
    if over:
        watcher.going_on(run.begun_at, len(over))
    done, total = sum(sizes.get(event, 0) for event in over), sum(sizes.values())
    for order, draft in _worked_out(url, batches(over), now, processes):
        kept = _commit(run, order, draft)
        for change in kept.changes:
            watcher.changed(change)
        done += sum(sizes.get(event, 0) for event in order.events)
        watcher.progress(done, total)
    return _end(run)


def _begin(now: str, restart: bool) -> Review:
    with writing():
        run = Review.get_or_none()
        if run is not None and (restart or run.rules != RULE_SET_VERSION):
            _forget()
            run = None
        return run or Review.create(rules=RULE_SET_VERSION, begun_at=now)


def _forget() -> None:
    Review.delete().execute()
    Reviewed.delete().execute()


def _worked_out(url: str, todo: list[list[str]], now: str, processes: int) -> Iterator[tuple[Order, Draft]]:
    by_rules = rules_changed()
    orders: Iterable[Order] = (Order(events, turn(), now, by_rules) for events in todo)
    if min(processes, len(todo)) < 2:
        yield from ((order, drafted(order)) for order in orders)
        return
    with Crew(url, min(processes, len(todo))) as crew:
        yield from crew.work(orders)


def _commit(run: Review, order: Order, draft: Draft) -> Draft:
    """Write a batch, worked out again where claims changed since; one that another run has done stays as it is."""
    with writing():
        _refuse_superseded(run)
        if Reviewed.select().where(Reviewed.event.in_(order.events)).exists():
            return Draft(order.now)
        if turn() != order.turn:
            draft = drafted(order)
        store(draft)
        turn_over(order.events)
        bulk.insert(Reviewed, (Reviewed.event,), [(event,) for event in order.events])
        Review.update(questions=Review.questions + draft.asked, changed=Review.changed + len(draft.changes)).execute()
    return draft


def _refuse_superseded(run: Review) -> None:
    if not Review.select().where((Review.id == run.id) & (Review.begun_at == run.begun_at)).exists():
        raise ReviewSuperseded("another review began or ended meanwhile")


def _end(run: Review) -> Outcome:
    finish()
    with writing():
        _refuse_superseded(run)
        found = Review.get_by_id(run.id)
        outcome = Outcome(Reviewed.select().count(), found.questions, found.changed)
        _forget()
    return outcome
