"""How people answered a questionnaire, apart from what they said.

In:  the steps that each person gave in one wave (people, items), in the questionnaire's order, NaN where skipped.
Out: `Manner`: for each person what was skipped, and what hints at answering without reading.

None of these signs proves anything about one person; they tell whether a wave, or a school in it, can be trusted.
What each means, and why its limit lies where it lies, stands at its field. Long runs: Curran (2016), Journal of
Experimental Social Psychology 66, 4-19. An answer outside the range of steps counts for nothing else here.
"""

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from earlywarn.surveys.answers import Flags, Floats, items_of_scales
from earlywarn.surveys.instrument import Instrument

STRAIGHT_FROM = 5
RUN_FROM = 10
PAIRS_FROM = 3
# Answers of two parents are averaged: steps are compared to this many decimals.
_DECIMALS = 2


@dataclass(frozen=True)
class Manner:
    """How each person answered, all (people,).

    given         : items answered with a step of the questionnaire.
    skipped       : share of the items asked that were not answered, 0 to 1.
    out_of_range  : answers that are no step of the questionnaire.
    longest_run   : most answers in a row, in the questionnaire's order, that were the same step; a skipped item
                    neither breaks a run nor adds to it.
    straight      : 1 if all answers are the same step though some items are reversed; NaN under 5 answers, or
                    without one of each kind.
    long_run      : 1 if at least half of the answers are one run; NaN under 10 answers.
    contradicting : 1 if at least half of the pairs of a straight and a reversed item of one scale got the same end of
                    the range (fully agreed with both, or fully disagreed with both); NaN under 3 such pairs.
    """

    given: Floats
    skipped: Floats
    out_of_range: Floats
    longest_run: Floats
    straight: Floats
    long_run: Floats
    contradicting: Floats

    @cached_property
    def careless(self) -> Floats:
        """1 with any of the last three signs, 0 with none; NaN where none could be told."""
        signs = np.stack([self.straight, self.long_run, self.contradicting])
        told = ~np.isnan(signs).all(axis=0)
        return np.where(told, (signs == 1).any(axis=0), np.nan).astype(np.float32)

    def of(self, rows: Flags) -> "Manner":
        """Return some of the people."""
        return Manner(*(getattr(self, field.name)[rows] for field in fields(self)))


def manner(instrument: Instrument, steps: Floats, asked: Flags) -> Manner:
    """Return how each person answered.

    steps : (people, items) as given, before reversing, NaN where skipped; `steps_of` gets them from a scored wave.
    asked : (items,) whether the wave's questionnaire held the item (`Wave.asked`).
    """
    given = np.where(asked, steps.round(_DECIMALS), np.nan).astype(np.float32)
    low, high = instrument.answers
    outside = (given < low) | (given > high)
    given[outside] = np.nan
    count = (~np.isnan(given)).sum(axis=1)
    run = longest_run(given)
    return Manner(
        given=count.astype(np.float32),
        skipped=(1 - (count + outside.sum(axis=1)) / asked.sum()).astype(np.float32),
        out_of_range=outside.sum(axis=1).astype(np.float32),
        longest_run=run,
        straight=_straight(instrument, given),
        long_run=np.where(count >= RUN_FROM, run * 2 >= count, np.nan).astype(np.float32),
        contradicting=_contradicting(instrument, given),
    )


def steps_of(instrument: Instrument, answers: Floats) -> Floats:
    """Return the steps that were given from answers out of 10 (`Wave.answers`): scoring undone."""
    low, high = instrument.answers
    turned = low + answers * (high - low) / 10
    return np.where(_reversed(instrument), low + high - turned, turned).astype(np.float32)


def longest_run(given: Floats) -> Floats:
    """Return (people,) the most answers in a row that are the same; 0 for who gave none.

    >>> longest_run(np.array([[3, 3, np.nan, 3, 1], [1, 2, 2, 1, 2]], np.float32)).tolist()
    [3.0, 2.0]
    """
    last, run, longest = np.full(len(given), np.nan), np.zeros(len(given)), np.zeros(len(given))
    for answer in given.T:
        known = ~np.isnan(answer)
        run = np.where(known, np.where(answer == last, run + 1, 1), run)
        last = np.where(known, answer, last)
        longest = np.maximum(longest, run)
    return longest.astype(np.float32)


def _straight(instrument: Instrument, given: Floats) -> Floats:
    """Return whether all answers are the same step, where items of both kinds were answered."""
    known, turned = ~np.isnan(given), _reversed(instrument)
    both_kinds = known[:, turned].any(axis=1) & known[:, ~turned].any(axis=1)
    told = both_kinds & (known.sum(axis=1) >= STRAIGHT_FROM)
    least = np.where(known, given, np.inf).min(axis=1)
    return np.where(told, np.where(known, given, -np.inf).max(axis=1) == least, np.nan).astype(np.float32)


def _contradicting(instrument: Instrument, given: Floats) -> Floats:
    """Return whether at least half of a person's pairs of opposite items got the same end of the range."""
    against, pairs = np.zeros(len(given)), np.zeros(len(given))
    turned = _reversed(instrument)
    for mine in items_of_scales(instrument):
        straight, opposite = given[:, mine & ~turned], given[:, mine & turned]
        pairs += (~np.isnan(straight)).sum(axis=1) * (~np.isnan(opposite)).sum(axis=1)
        for end in instrument.answers:
            against += (straight == end).sum(axis=1) * (opposite == end).sum(axis=1)
    return np.where(pairs >= PAIRS_FROM, against * 2 >= pairs, np.nan).astype(np.float32)


def _reversed(instrument: Instrument) -> Flags:
    return np.array([item.reversed for item in instrument.items])
