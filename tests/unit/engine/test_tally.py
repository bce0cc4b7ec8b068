"""One definition of the figures by queue and quarter of an hour."""

from hotline.engine.figures import Figures
from hotline.engine.tally import INTERVAL_MS, KEPT_MS, Tally, day_start_ms, interval_start_ms
from hotline.messages import routing as m
from tests.unit.engine.centre import START_MS, Centre, agent, queue

QUARTER = interval_start_ms(START_MS)
END = QUARTER + 100 * INTERVAL_MS


def tallied(centre: Centre) -> Tally:
    tally = Tally()
    for event in centre.log:
        tally.apply(event)
    return tally


def test_a_handled_contact_fills_every_sum_once() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.call("k1")
    centre.wait(4)
    centre.answer("k1")
    centre.wait(10)
    centre.do(m.HoldContact, agent_id="ann", contact_id="k1")
    centre.wait(5)
    centre.do(m.RetrieveContact, agent_id="ann", contact_id="k1")
    centre.wait(20)
    centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    centre.wait(7)
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")
    expected = Figures(
        asked=1,
        answered=1,
        answered_in_time=1,
        interactions=1,
        wait_ms=4_000,
        talk_ms=30_000,
        hold_ms=5_000,
        wrap_up_ms=7_000,
    )
    assert tallied(centre).interval("water", QUARTER) == expected


def test_those_who_still_wait_within_the_threshold_are_not_counted_yet() -> None:
    centre = Centre()
    centre.call("k1")
    tally = tallied(centre)
    asked_ms = centre.now_ms
    assert tally.service_level("water", QUARTER, END, asked_ms + 15_000) == (0, 0)
    assert tally.service_level("water", QUARTER, END, asked_ms + 15_001) == (0, 1)


def test_abandoned_stay_in_the_denominator_and_late_answers_are_late() -> None:
    centre = Centre()
    centre.call("k1")
    centre.wait(3)
    centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    centre.call("k2")
    centre.wait(16)
    centre.enter("ann")
    centre.answer("k2")
    tally = tallied(centre)
    figures = tally.interval("water", QUARTER)
    assert (figures.asked, figures.abandoned, figures.answered, figures.answered_in_time) == (2, 1, 1, 0)
    assert tally.service_level("water", QUARTER, END, centre.now_ms) == (0, 2)


def test_the_quarter_of_asking_gets_what_happens_later() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.talk("k1")
    centre.wait(INTERVAL_MS / 1000 + 60)
    centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    tally = tallied(centre)
    assert tally.interval("water", QUARTER).talk_ms == INTERVAL_MS + 60_000
    assert tally.interval("water", QUARTER + INTERVAL_MS) == Figures()


def test_a_transferred_contact_asks_once_and_each_queue_gets_its_own_talk() -> None:
    centre = Centre([queue("water"), queue("bills", ("bills", 1))], [agent("ann"), agent("bob", ("bills", 3))])
    centre.enter("ann", "bob")
    centre.talk("k1")
    centre.wait(10)
    transfer = {"transfer_id": "x1", "kind": "blind", "target_kind": "queue", "target": "bills"}
    centre.do(m.StartTransfer, agent_id="ann", contact_id="k1", **transfer)
    centre.answer("k1")
    centre.wait(20)
    centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x")
    centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1")
    tally = tallied(centre)
    water, bills = tally.interval("water", QUARTER), tally.interval("bills", QUARTER)
    assert (water.asked, water.answered, water.talk_ms, water.interactions) == (1, 1, 10_000, 1)
    assert (bills.asked, bills.answered, bills.talk_ms, bills.interactions) == (0, 0, 20_000, 1)
    assert (water.wrap_up_ms, bills.wrap_up_ms) == (20_000, 0)


def test_changed_quarters_are_told_once() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.call("k1")
    tally = tallied(centre)
    assert tally.take_changed() == (("water", QUARTER),)
    assert tally.take_changed() == ()


def test_simulated_contacts_mark_their_figures() -> None:
    centre = Centre()
    centre.call("k1", is_simulated=True)
    assert tallied(centre).interval("water", QUARTER).is_simulated


def test_a_restored_tally_goes_on_as_if_nothing_had_happened() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.talk("k1")
    centre.call("k2")
    tally = tallied(centre)
    restored = Tally.restore(tally.snapshot())
    assert restored.snapshot() == tally.snapshot()
    for event in centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x"):
        tally.apply(event)
        restored.apply(event)
    assert restored.snapshot() == tally.snapshot()
    asked = (QUARTER, END, centre.now_ms)
    assert restored.service_level("water", *asked) == tally.service_level("water", *asked) == (1, 1)


def test_old_quarters_are_forgotten_except_those_with_open_contacts() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.talk("k1")
    centre.wait(INTERVAL_MS / 1000)
    centre.call("k2")
    centre.do(m.EndContact, contact_id="k2", ended_by="caller", cause="x")
    centre.wait(KEPT_MS / 1000 + INTERVAL_MS / 500)
    centre.call("k3")
    tally = tallied(centre)
    assert tally.interval("water", QUARTER).asked == 1
    assert tally.interval("water", QUARTER + INTERVAL_MS).asked == 0


def test_a_day_begins_at_local_midnight() -> None:
    shanghai = day_start_ms(START_MS, 480)
    assert shanghai % 86_400_000 == 16 * 3_600_000
    assert 0 <= START_MS - shanghai < 86_400_000
    assert day_start_ms(START_MS, 0) % 86_400_000 == 0
    assert day_start_ms(shanghai, 480) == shanghai
    assert day_start_ms(shanghai - 1, 480) == shanghai - 86_400_000


def test_a_day_is_the_sum_of_its_quarters() -> None:
    centre = Centre()
    for number in range(3):
        centre.call(f"k{number}")
        centre.wait(INTERVAL_MS / 1000)
    day = day_start_ms(START_MS, 480)
    assert tallied(centre).between("water", day, day + 86_400_000).asked == 3
    assert tallied(centre).between("water", QUARTER, QUARTER + INTERVAL_MS).asked == 1


def test_a_tally_restored_while_nobody_waits_takes_in_the_end_of_a_conversation() -> None:
    centre = Centre()
    centre.enter("ann")
    centre.call("k1")
    centre.answer("k1")
    tally = tallied(centre)
    restored = Tally.restore(tally.snapshot())
    for event in centre.do(m.EndContact, contact_id="k1", ended_by="caller", cause="x"):
        tally.apply(event)
        restored.apply(event)
    assert restored.snapshot() == tally.snapshot()
