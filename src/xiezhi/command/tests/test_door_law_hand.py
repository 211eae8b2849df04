"""``xiezhi law due`` against dates counted by hand on a printed calendar; a jurist can check each row.

2026: off 1–3 January, 15–23 February, 4–6 April, 1–5 May, 19–21 June, 25–27 September, 1–7 October;
worked weekends 4 January, 14 and 28 February, 9 May, 20 September, 10 October.
"""

import pytest

from xiezhi.command.tests.inprocess import run

# rule · day of the event · days left out · due · why
BY_HAND = """
hearing_request · 2026-03-02 · - · 2026-03-09 · five working days: 3, 4, 5, 6, 9 March
hearing_request · 2025-12-31 · - · 2026-01-08 · New Year, Sunday 4 January is worked: 4, 5, 6, 7, 8
hearing_request · 2026-02-13 · - · 2026-02-27 · Saturday 14 February is worked, then 24, 25, 26, 27
hearing_request · 2026-02-24 · - · 2026-03-02 · Saturday 28 February is worked: 25, 26, 27, 28, 2 March
hearing_request · 2026-04-03 · - · 2026-04-13 · 清明: 7, 8, 9, 10, 13
hearing_request · 2026-04-30 · - · 2026-05-11 · 劳动节, Saturday 9 May is worked: 6, 7, 8, 9, 11
hearing_request · 2026-06-18 · - · 2026-06-26 · 端午: 22 to 26
hearing_request · 2026-09-18 · - · 2026-09-24 · Sunday 20 September is worked: 20, 21, 22, 23, 24
hearing_request · 2026-09-24 · - · 2026-10-09 · 中秋 and 国庆: 28, 29, 30, 8, 9
hearing_request · 2026-09-30 · - · 2026-10-13 · Saturday 10 October is worked: 8, 9, 10, 12, 13
hearing_request · 2026-10-03 · - · 2026-10-13 · the event falls on a holiday: 8, 9, 10, 12, 13
hearing_request · 2026-03-02 · 2026-03-04..2026-03-06 · 2026-03-12 · 3, then 9, 10, 11, 12
hearing_request · 2026-03-02 · 2026-03-04..2026-03-06 2026-03-06..2026-03-10 · 2026-03-16 · overlap: 3, 11, 12, 13, 16
onspot_turnin_officer · 2026-02-14 · - · 2026-02-25 · from a worked Saturday into 春节: 24, 25
onspot_turnin_officer · 2026-05-08 · - · 2026-05-11 · Saturday 9 May counts: 9, 11
registration_preservation · 2026-12-22 · - · 2026-12-31 · seven working days to the last of the year
hearing_notice · 2026-03-11 · - · 2026-03-02 · back: 10, 9, 6, 5, 4, 3, 2
hearing_notice · 2026-10-12 · - · 2026-09-24 · back: 10 (Saturday worked), 9, 8, 30, 29, 28, 24
hearing_notice · 2026-02-26 · - · 2026-02-10 · back: 25, 24, 14 (Saturday worked), 13, 12, 11, 10
substitute_demand · 2026-05-06 · - · 2026-04-28 · back over 劳动节: 30, 29, 28 April
fine_payment · 2026-02-02 · - · 2026-02-24 · 17 February is 春节: moves to the 24th
fine_payment · 2026-01-30 · - · 2026-02-14 · 14 February is a worked Saturday: stays
fine_payment · 2026-09-05 · - · 2026-09-20 · 20 September is a worked Sunday: stays
fine_payment · 2026-09-12 · - · 2026-09-28 · 27 September is 中秋: moves to the 28th
fine_payment · 2026-12-16 · - · 2026-12-31 · the last day of the year is worked
fine_payment · 2026-12-17 · - · 2027-01-04 · 1 January 2027 is off, 2 and 3 a weekend (预估)
seizure · 2026-01-16 · - · 2026-02-15 · 30 days end in 春节 and never move
seizure · 2026-01-16 · 2026-01-20..2026-01-29 · 2026-02-25 · ten days of testing are not counted
decision · 2026-03-02 · - · 2026-06-01 · 90 days end on Sunday 31 May
decision · 2025-10-03 · - · 2026-01-04 · 90 days end on 1 January; Sunday 4 January is worked
review_apply · 2026-08-02 · - · 2026-10-08 · 60 days end on 1 October
surcharge_enforce · 2026-09-01 · - · 2026-10-01 · a wait of 30 days never moves
demand_letter · 2026-09-21 · - · 2026-10-12 · a wait of ten working days: 22, 23, 24, 28, 29, 30, 8, 9, 10, 12
court_enforcement · 2025-11-30 · - · 2026-02-28 · three months to the last of February, a worked Saturday
court_enforcement · 2026-01-04 · - · 2026-04-07 · 4 April is 清明: moves to the 7th
court_enforcement · 2026-07-01 · - · 2026-10-08 · 1 October is 国庆: moves to the 8th
sue_direct · 2026-02-28 · - · 2026-08-28 · six months to the day of the same number
sue_direct · 2025-12-31 · - · 2026-06-30 · June has no 31st
labour_ledger_keep · 2023-02-15 · - · 2026-02-15 · three years of keeping end in 春节 and never move
labour_ledger_keep · 2024-02-29 · - · 2027-02-28 · from a leap day to the last of February
urgent_measure_report · 2026-02-28T23:30 · - · 2026-03-01 23:30 · 24 hours over a Sunday
urgent_measure_report · 2026-09-30T18:00 · - · 2026-10-01 18:00 · hours run through holidays
urgent_measure_report · 2026-09-30T18:00 · 2026-10-01..2026-10-01 · 2026-10-02 18:00 · six hours, a day left out, eighteen
surcharge · 2026-10-01 · - · 2026-10-02 · an accrual never moves
fine_payment · 2020-01-09 · - · 2020-02-03 · 24 January 2020; 春节 was prolonged to 2 February
hearing_request · 2020-01-23 · - · 2020-02-07 · 3, 4, 5, 6, 7 February
hearing_request · 2019-09-27 · - · 2019-10-10 · Sunday 29 September is worked: 29, 30, 8, 9, 10
fine_payment · 2012-09-15 · - · 2012-10-08 · 30 September 2012 is 中秋, off to 7 October
hearing_request · 2007-04-29 · - · 2007-05-11 · the old week of 劳动节, off 1 to 7 May: 30, 8, 9, 10, 11
"""
ROWS = [line.split(" · ") for line in BY_HAND.strip().splitlines()]


@pytest.mark.parametrize(("rule", "start", "left_out", "end", "why"), ROWS, ids=[f"{r[0]}-{r[1]}" for r in ROWS])
def test_the_door_answers_what_was_counted_by_hand(rule, start, left_out, end, why):
    spans = [] if left_out == "-" else [f"--exclude={span}" for span in left_out.split()]
    code, out, err = run("law", "due", rule, "--from", start, *spans)
    assert (code, err) == (0, "")
    assert out.decode().splitlines()[0] == end, why
