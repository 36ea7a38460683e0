"""The words of the contract, as enumerations."""

from enum import StrEnum


class ValueKind(StrEnum):
    """What sort of answer a property asks for."""

    QUANTITY = "quantity"
    CATEGORY = "category"
    TIME = "time"
    POLARITY = "polarity"


class Qualifier(StrEnum):
    """How a quantity is hedged in its own wording."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    FEWER_THAN = "fewer_than"
    BETWEEN = "between"
    ABOUT = "about"
    NEARLY = "nearly"
    SEVERAL = "several"
    DOZENS = "dozens"
    HUNDREDS = "hundreds"


class Polarity(StrEnum):
    """The three answers to a yes-or-no question."""

    AFFIRMED = "affirmed"
    DENIED = "denied"
    NO_COMMENT = "no_comment"


class Stance(StrEnum):
    """How the document stands to the value it gives."""

    ASSERTS = "asserts"
    DENIES = "denies"
    REPORTS_UNVERIFIED = "reports_unverified"
    NO_COMMENT = "no_comment"


class ClaimStatus(StrEnum):
    """Whether the document still stands by the claim."""

    ACTIVE = "active"
    CORRECTED = "corrected"
    RETRACTED = "retracted"


class LinkRole(StrEnum):
    """What a link of an attribution chain does with the content."""

    REPORTS = "reports"
    QUOTES = "quotes"
    CITES = "cites"


class SourceKind(StrEnum):
    """What sort of speaker a source is."""

    PERSON = "person"
    OFFICE = "office"
    ORGANISATION = "organisation"
    OUTLET = "outlet"
    UNNAMED = "unnamed"


class Relation(StrEnum):
    """How two claims stand to each other; exactly one holds."""

    NOT_COMPARABLE = "not_comparable"
    DIFFERS_IN_SCOPE = "differs_in_scope"
    PART_OF_WHOLE = "part_of_whole"
    EXCEEDS_WHOLE = "exceeds_whole"
    ECHO = "echo"
    CORROBORATES = "corroborates"
    COMPATIBLE = "compatible"
    UPDATES = "updates"
    CORRECTS = "corrects"
    UNRESOLVED = "unresolved"
    CONTRADICTS = "contradicts"


class RuleFamily(StrEnum):
    """What a rule looks at: what two claims cover, where they agree, or what changed between them."""

    COVERAGE = "coverage"
    AGREEMENT = "agreement"
    CHANGE = "change"


class ExampleSide(StrEnum):
    """Whether a case shows a rule at work, or only seems to be one for it."""

    FOR = "for"
    AGAINST = "against"


class Order(StrEnum):
    """Which of two claims is the later one."""

    LEFT_FIRST = "left_first"
    RIGHT_FIRST = "right_first"
    SAME = "same"
    UNKNOWN = "unknown"


class Independence(StrEnum):
    """Whether two claims go back to different witnesses."""

    SAME_ORIGIN = "same_origin"
    INDEPENDENT = "independent"
    UNKNOWN = "unknown"


class ValueStatus(StrEnum):
    """Where a value stands among the answers to its question."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    CONTESTED = "contested"
    CORRECTED = "corrected"


class DiscrepancyKind(StrEnum):
    """The worst relation among the answers to a question, worst first."""

    CONTRADICTION = "contradiction"
    EXCEEDS_WHOLE = "exceeds_whole"
    UNRESOLVED = "unresolved"
    CORRECTION = "correction"
    UPDATE = "update"


class Grade(StrEnum):
    """How well the current answer is supported."""

    CORROBORATED = "corroborated"
    SINGLE_ORIGIN = "single_origin"
    CONTESTED = "contested"
    UNATTRIBUTED = "unattributed"


class Cause(StrEnum):
    """Why a figure differs from the one before, where the text says so."""

    CORRECTION = "correction"
    RECOUNT = "recount"
    DOUBLE_COUNTING = "double_counting"
    IDENTIFICATION = "identification"
    BODIES_FOUND = "bodies_found"
    DIED_LATER = "died_later"
    WIDENED_SCOPE = "widened_scope"
    COUNTING_RULE = "counting_rule"


class Reckoning(StrEnum):
    """How a figure is reckoned from others."""

    SUM = "sum"
    DIFFERENCE = "difference"


class FindingKind(StrEnum):
    """What can be wrong inside one document."""

    STALE_WITHIN_DOCUMENT = "stale_within_document"
    MIXED_SNAPSHOT = "mixed_snapshot"
    BROKEN_CHAIN = "broken_chain"
    WRONG_RECKONING = "wrong_reckoning"


class FoundType(StrEnum):
    """What a search finds."""

    EVENT = "event"
    SOURCE = "source"
    CLAIM = "claim"


class ChangedNoun(StrEnum):
    """What the log of changes speaks of."""

    CLAIM = "claim"
    DISCREPANCY = "discrepancy"


class Change(StrEnum):
    """What became of a claim or a discrepancy."""

    CREATED = "created"
    CHANGED = "changed"
    CORRECTED = "corrected"
    RESTORED = "restored"
    REFORMATTED = "reformatted"
    RETRACTED = "retracted"
    ENDED = "ended"
    REMOVED = "removed"
