"""The table of rules: the first one that applies decides, so exactly one relation holds."""

from api.engine.rules import agreement, change, coverage
from api.engine.rules.pair import Rule
from schemas.vocabulary import Relation

RULE_SET_VERSION = "2"
"""Raised with every change that can change a relation."""

RULES: tuple[Rule, ...] = (
    Rule(Relation.NOT_COMPARABLE, coverage.another_event),
    Rule(Relation.NOT_COMPARABLE, coverage.counts_people_move_between),
    Rule(Relation.NOT_COMPARABLE, coverage.another_property),
    Rule(Relation.NOT_COMPARABLE, coverage.another_unit),
    Rule(Relation.DIFFERS_IN_SCOPE, coverage.scopes_apart),
    Rule(Relation.DIFFERS_IN_SCOPE, coverage.answer_for_a_part),
    Rule(Relation.DIFFERS_IN_SCOPE, coverage.part_of_what_is_denied),
    Rule(Relation.PART_OF_WHOLE, coverage.part_fits),
    Rule(Relation.PART_OF_WHOLE, coverage.whole_counted_at_another_time),
    Rule(Relation.EXCEEDS_WHOLE, coverage.part_exceeds_whole),
    Rule(Relation.NOT_COMPARABLE, agreement.worked_out_not_stated),
    Rule(Relation.COMPATIBLE, agreement.no_comment_leaves_open),
    Rule(Relation.ECHO, agreement.echo_of_one_origin),
    Rule(Relation.CORROBORATES, agreement.opposing_sides_agree),
    Rule(Relation.CORROBORATES, agreement.independent_origins_agree),
    Rule(Relation.COMPATIBLE, agreement.same_value_origin_unknown),
    Rule(Relation.COMPATIBLE, agreement.denial_leaves_open),
    Rule(Relation.CORRECTS, change.origin_withdraws),
    Rule(Relation.CONTRADICTS, change.denied),
    Rule(Relation.DIFFERS_IN_SCOPE, change.scope_widened, replaces=True),
    Rule(Relation.DIFFERS_IN_SCOPE, change.counting_rule_changed, replaces=True),
    Rule(Relation.UPDATES, change.running_count_went_on),
    Rule(Relation.COMPATIBLE, agreement.ranges_overlap),
    Rule(Relation.COMPATIBLE, agreement.hedged_in_its_document),
    Rule(Relation.COMPATIBLE, agreement.term_contains_term),
    Rule(Relation.COMPATIBLE, agreement.terms_side_by_side),
    Rule(Relation.COMPATIBLE, agreement.terms_named_together),
    Rule(Relation.CORRECTS, change.stated_correction),
    Rule(Relation.COMPATIBLE, change.withdrawn_stands_against_nothing),
    Rule(Relation.CONTRADICTS, change.one_statement_two_values),
    Rule(Relation.CORRECTS, change.origin_takes_back),
    Rule(Relation.CORRECTS, change.recount_downwards),
    Rule(Relation.CONTRADICTS, change.count_cannot_shrink),
    Rule(Relation.CONTRADICTS, change.answers_exclude_each_other),
    Rule(Relation.UPDATES, change.count_grew),
    Rule(Relation.UPDATES, change.growth_shows_order),
    Rule(Relation.CONTRADICTS, change.same_moment_two_values),
    Rule(Relation.UPDATES, change.people_left_the_count),
    Rule(Relation.UPDATES, change.figure_moved_on),
    Rule(Relation.UNRESOLVED, change.later_word_cannot_replace),
    Rule(Relation.UNRESOLVED, change.nothing_orders),
)
"""In this order: what is not comparable, what differs in scope, part and whole, agreement, change, conflict."""

ON_ONE_QUESTION = tuple(
    rule for rule in RULES if rule.applies is coverage.another_unit or rule.applies.__module__ != coverage.__name__
)
"""The rules that can apply to two claims on one question, in the same order: the others need two questions."""
