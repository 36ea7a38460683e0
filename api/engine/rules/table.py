"""The table of rules: the first one that applies decides, so exactly one relation holds."""

from api.engine.rules import agreement, change, coverage
from api.engine.rules.pair import Rule
from api.engine.traits import Trait
from schemas.vocabulary import Relation

RULE_SET_VERSION = "4"
"""Raised with every change that can change a relation."""

APART, ALIKE, ORDERED, AT_ONCE = Trait.TWO_QUESTIONS, Trait.SAME_ANSWER, Trait.ORDERED, Trait.AT_ONCE
COUNTED_UP = Trait.ORDERED | Trait.GROWS
EXPLAINED = Trait.ORDERED | Trait.CAUSED

RULES: tuple[Rule, ...] = (
    Rule(Relation.NOT_COMPARABLE, coverage.another_event, APART),
    Rule(Relation.NOT_COMPARABLE, coverage.counts_people_move_between, APART),
    Rule(Relation.NOT_COMPARABLE, coverage.another_property, APART),
    Rule(Relation.NOT_COMPARABLE, coverage.another_unit, Trait.TWO_UNITS),
    Rule(Relation.DIFFERS_IN_SCOPE, coverage.scopes_apart, APART),
    Rule(Relation.DIFFERS_IN_SCOPE, coverage.answer_for_a_part, APART),
    Rule(Relation.DIFFERS_IN_SCOPE, coverage.part_of_what_is_denied, APART),
    Rule(Relation.PART_OF_WHOLE, coverage.part_fits, APART),
    Rule(Relation.PART_OF_WHOLE, coverage.whole_counted_at_another_time, APART),
    Rule(Relation.EXCEEDS_WHOLE, coverage.part_exceeds_whole, APART),
    Rule(Relation.NOT_COMPARABLE, agreement.worked_out_not_stated, Trait.WORKED_OUT),
    Rule(Relation.COMPATIBLE, agreement.no_comment_leaves_open, Trait.SILENT),
    Rule(Relation.ECHO, agreement.echo_of_one_origin, ALIKE),
    Rule(Relation.CORROBORATES, agreement.opposing_sides_agree, ALIKE),
    Rule(Relation.CORROBORATES, agreement.independent_origins_agree, ALIKE),
    Rule(Relation.COMPATIBLE, agreement.same_value_origin_unknown, ALIKE),
    Rule(Relation.COMPATIBLE, agreement.denial_leaves_open, Trait.DENIED),
    Rule(Relation.CORRECTS, change.origin_withdraws, Trait.DENIED | ORDERED),
    Rule(Relation.CONTRADICTS, change.denied, Trait.DENIED),
    Rule(Relation.DIFFERS_IN_SCOPE, change.scope_widened, EXPLAINED, replaces=True),
    Rule(Relation.DIFFERS_IN_SCOPE, change.counting_rule_changed, EXPLAINED, replaces=True),
    Rule(Relation.UPDATES, change.running_count_went_on, COUNTED_UP | Trait.RUNNING),
    Rule(Relation.COMPATIBLE, agreement.ranges_overlap, Trait.INTERVAL),
    Rule(Relation.COMPATIBLE, agreement.hedged_in_its_document, Trait.INTERVAL | Trait.HEDGED),
    Rule(Relation.COMPATIBLE, agreement.term_contains_term, Trait.TERM),
    Rule(Relation.COMPATIBLE, agreement.terms_side_by_side, Trait.TERM),
    Rule(Relation.COMPATIBLE, agreement.terms_named_together, Trait.TERM),
    Rule(Relation.DIFFERS_IN_SCOPE, change.counted_by_another_rule, Trait.CAUSED),
    Rule(Relation.CORRECTS, change.stated_correction, ORDERED | Trait.CORRECTING),
    Rule(Relation.COMPATIBLE, change.withdrawn_stands_against_nothing, Trait.WITHDRAWN),
    Rule(Relation.CONTRADICTS, change.one_statement_two_values, AT_ONCE),
    Rule(Relation.CORRECTS, change.origin_takes_back, ORDERED | Trait.FIXED),
    Rule(Relation.CORRECTS, change.recount_downwards, COUNTED_UP),
    Rule(Relation.CONTRADICTS, change.count_cannot_shrink, COUNTED_UP),
    Rule(Relation.CONTRADICTS, change.answers_exclude_each_other, Trait.FIXED),
    Rule(Relation.UPDATES, change.count_grew, COUNTED_UP),
    Rule(Relation.UPDATES, change.growth_shows_order, COUNTED_UP),
    Rule(Relation.CONTRADICTS, change.same_moment_two_values, AT_ONCE),
    Rule(Relation.UPDATES, change.people_left_the_count, ORDERED | Trait.LEFT),
    Rule(Relation.UPDATES, change.figure_moved_on, ORDERED | Trait.VARIES),
    Rule(Relation.UNRESOLVED, change.later_word_cannot_replace, ORDERED),
    Rule(Relation.UNRESOLVED, change.nothing_orders),
)
"""In this order: what is not comparable, what differs in scope, part and whole, agreement, change, conflict."""
