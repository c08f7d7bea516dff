"""Survey waves and answers: tables and rules.

The rules look into two small tables made from the questionnaires:
`questionnaires` (instrument, audience, low, high) and `questions` (instrument, item).
"""

from earlywarn.tables.check import Check, one_row_per
from earlywarn.tables.spec import Column, Table

WAVES = Table(
    "waves",
    one_row_is="a survey wave",
    columns=(
        Column("wave_id", "id", "the wave", needed=True),
        Column("instrument", "id", "the questionnaire's name", needed=True),
        Column("audience", "category", "who was asked", needed=True, values=("pupil", "parent", "staff")),
        Column("opens_on", "date", "the first day on which one could answer", needed=True),
        Column("closes_on", "date", "the last day on which one could answer", needed=True),
    ),
    key=("wave_id",),
    known_by="closes_on",
)

RESPONSES = Table(
    "responses",
    one_row_is="one answer",
    columns=(
        Column("wave_id", "id", "the wave", needed=True),
        Column("person_id", "id", "who answered; for a parent wave, the pupil", needed=True),
        Column("item", "id", "the question's id in the questionnaire", needed=True),
        Column("answer", "number", "the answer; empty: skipped", needed=True, may_be_empty=True),
        Column("respondent", "whole", "which of two parents answered", low=1, high=2),
    ),
    key=("wave_id", "person_id", "item", "respondent"),
    people="by wave",
)

CHECKS = (
    one_row_per("EW301", WAVES, "a wave has one row"),
    Check(
        code="EW302",
        table="waves",
        column="closes_on",
        rule="a wave closes on or after the day it opens",
        broken="SELECT line FROM raw_waves WHERE closes_on < opens_on",
        fix="correct opens_on or closes_on",
    ),
    Check(
        code="EW303",
        table="waves",
        column="instrument",
        rule="a wave's questionnaire is known",
        broken="SELECT line FROM raw_waves WHERE instrument NOT IN (SELECT instrument FROM questionnaires)",
        fix="describe the questionnaire in a YAML file beside those in configs/instruments, or correct its name",
    ),
    Check(
        code="EW304",
        table="waves",
        column="audience",
        rule="a wave asks those whom its questionnaire is for",
        broken="""
            SELECT w.line FROM raw_waves AS w JOIN questionnaires AS q USING (instrument)
            WHERE w.audience <> q.audience""",
        fix="correct the wave's audience or its instrument",
    ),
    one_row_per("EW311", RESPONSES, "a respondent answers an item once in a wave"),
    Check(
        code="EW312",
        table="responses",
        column="item",
        rule="an item is in its wave's questionnaire",
        broken="""
            SELECT r.line FROM raw_responses AS r JOIN raw_waves AS w USING (wave_id)
            SEMI JOIN questionnaires AS known ON known.instrument = w.instrument
            ANTI JOIN questions AS q ON q.instrument = w.instrument AND q.item = r.item""",
        fix="correct the item's id, or add the item to the questionnaire's file",
    ),
    Check(
        code="EW313",
        table="responses",
        column="answer",
        rule="an answer is a whole number within its questionnaire's range",
        broken="""
            SELECT r.line FROM raw_responses AS r
            JOIN raw_waves AS w USING (wave_id) JOIN questionnaires AS q USING (instrument)
            WHERE r.answer NOT BETWEEN q.low AND q.high OR r.answer <> floor(r.answer)""",
        fix="leave a skipped answer empty; recode the others into the range that the questionnaire's file gives",
    ),
    Check(
        code="EW314",
        table="responses",
        column="person_id",
        rule="who answered is in the pupils (for staff waves, the staff) table",
        broken="""
            SELECT r.line FROM raw_responses AS r JOIN raw_waves AS w USING (wave_id)
            WHERE CASE w.audience WHEN 'staff' THEN r.person_id NOT IN (SELECT person_id FROM raw_staff)
                                  ELSE r.person_id NOT IN (SELECT person_id FROM raw_pupils) END""",
        fix="export answers and people for the same schools; in a parent wave person_id is the pupil's",
        stops=False,
    ),
    Check(
        code="EW315",
        table="responses",
        column="wave_id",
        rule="an answer belongs to a wave in the waves table",
        broken="SELECT line FROM raw_responses WHERE wave_id NOT IN (SELECT wave_id FROM raw_waves)",
        fix="add the wave to waves, or correct the wave_id",
        stops=False,
    ),
)
