"""Which of several able agents is chosen, which of several waiting contacts; and that nobody is overtaken for ever."""

from hypothesis import given
from hypothesis import strategies as st

from hotline.engine.matching import idle_key
from hotline.engine.records import Agent, Profile
from hotline.messages import routing as m
from tests.unit.engine.centre import Centre, agent, only, queue
from tests.unit.engine.test_order import served

MINUTE_MS = 60_000


def handle(centre: Centre, contact_id: str, seconds: float, **fields: object) -> str:
    """A call from asking to the end of wrap-up; by whom."""
    agent_id = centre.talk(contact_id, **fields)
    centre.wait(seconds)
    centre.do(m.HangUpContact, agent_id=agent_id, contact_id=contact_id)
    centre.do(m.FinishWrapUp, agent_id=agent_id, contact_id=contact_id)
    return agent_id


def test_the_best_level_is_chosen_and_among_equals_the_longest_idle() -> None:
    people = [agent("ann", ("leaks", 3)), agent("bob", ("leaks", 7)), agent("cai", ("leaks", 7))]
    centre = Centre([queue("water", ("leaks", 1), choice="best_level")], people)
    centre.enter("ann", "cai", "bob")
    for number in range(3):
        centre.call(f"k{number}")
    assert [centre.offered_to(f"k{number}") for number in range(3)] == ["cai", "bob", "ann"]


LOADS = st.integers(0, 720_720)
TIMES = st.integers(-(10**14), 10**14)
ORDERS = st.integers(0, 10**12)


@given(st.tuples(LOADS, TIMES, ORDERS), st.tuples(LOADS, TIMES, ORDERS))
def test_one_figure_orders_the_idle_by_work_in_hand_then_by_idleness(
    one: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    def figure(place: tuple[int, int, int]) -> int:
        idle = Agent(1, Profile((1,), (), ()))
        load, idle.idle_since_ms, idle.idle_order = place
        return idle_key(load, idle)

    assert (figure(one) < figure(other)) == (one < other)


def test_among_agents_of_many_profiles_the_longest_idle_is_chosen_and_all_are_counted() -> None:
    people = [agent(f"a{number}", ("leaks", 1 + number % 9), (f"own-{number}", 1)) for number in range(12)]
    centre = Centre([queue("water", ("leaks", 1))], people)
    entered = [f"a{number}" for number in (7, 3, 11, 0, 5, 1, 9, 2, 10, 4, 8, 6)]
    for agent_id in entered:
        centre.enter(agent_id)
        centre.wait(1)
    offers = []
    for number in range(12):
        events = centre.call(f"k{number}")
        offers += [(event.agent_id, event.candidates) for event in events if isinstance(event, m.ContactOffered)]
    assert offers == [(agent_id, 12 - number) for number, agent_id in enumerate(entered)]


def test_round_robin_goes_by_the_latest_offer_and_not_by_idleness() -> None:
    centre = Centre([queue("water", choice="round_robin")], [agent("ann"), agent("bob"), agent("cai")])
    centre.enter("ann", "bob", "cai")
    # Ann works for long, Bob and Cai shortly: by idleness Ann would come last.
    assert [handle(centre, f"k{number}", 30 if number == 0 else 1) for number in range(5)] == [
        *("ann", "bob", "cai"),
        *("ann", "bob"),
    ]


def test_weights_share_the_contacts_out() -> None:
    centre = Centre([queue("water", choice="weighted")], [agent("ann", weight=30), agent("bob", weight=10)])
    centre.enter("ann", "bob")
    takers = [handle(centre, f"k{number}", 1) for number in range(8)]
    assert (takers.count("ann"), takers.count("bob")) == (6, 2)


def test_the_least_occupied_since_sign_in_is_chosen() -> None:
    centre = Centre([queue("water", choice="least_occupied")], [agent("ann"), agent("bob")])
    centre.enter("ann", "bob")
    assert handle(centre, "long", 100) == "ann"
    assert handle(centre, "short", 5) == "bob"  # occupied so far: nothing
    assert handle(centre, "next", 5) == "bob"  # 5 of 105 seconds against 100 of 100


def test_who_idles_for_long_becomes_less_occupied() -> None:
    centre = Centre([queue("water", choice="least_occupied")], [agent("ann"), agent("bob")])
    centre.enter("ann")
    assert handle(centre, "first", 60) == "ann"  # the whole minute since the sign-in
    centre.wait(7200)
    centre.enter("bob")
    centre.wait(5)
    assert handle(centre, "second", 60) == "bob"  # occupied so far: nothing
    centre.wait(5)
    assert handle(centre, "third", 5) == "ann"  # 60 of 7,335 seconds against 60 of 70


def test_who_comes_later_is_not_flooded_where_weights_share_out() -> None:
    centre = Centre(
        [queue("water", ("leaks", 1), choice="weighted")],
        [agent("ann", ("leaks", 5), weight=30), agent("bob", ("leaks", 5), weight=10), agent("eve", ("gas", 5))],
    )
    centre.enter("ann", "eve")
    for number in range(40):
        assert handle(centre, f"early{number}", 1) == "ann"
    centre.enter("bob")
    takers = [handle(centre, f"late{number}", 1) for number in range(8)]
    assert takers.count("bob") in (2, 3)  # a quarter of them, and what was rounded


def test_the_offer_says_how_many_there_were_and_why_it_came_now() -> None:
    centre = Centre()
    centre.enter("ann", "bob")
    offered = only(centre.call("k1"), m.ContactOffered)
    assert (offered.cause, offered.candidates) == ("arrival", 2)
    centre.answer("k1")
    centre.talk("k2")
    centre.call("k3")
    centre.call("k4")
    centre.do(m.HangUpContact, agent_id="ann", contact_id="k1")
    offered = only(centre.do(m.FinishWrapUp, agent_id="ann", contact_id="k1"), m.ContactOffered)
    assert (offered.contact_id, offered.cause, offered.candidates) == ("k3", "agent_free", 2)


def test_the_strongest_skill_goes_first_until_somebody_has_waited_too_long() -> None:
    queues = [queue("bills", ("bills", 1), offer_timeout_s=600), queue("leaks", ("leaks", 1), offer_timeout_s=600)]
    people = [agent("ann", ("leaks", 9), ("bills", 2), takes="strongest_skill")]
    centre = Centre(queues, people, fair_after_s=120)
    centre.call("bill", "bills")
    centre.wait(30)
    centre.call("leak", "leaks")
    assert served(centre, "bill", "leak") == ["leak", "bill"]
    centre.do(m.SignOut, agent_id="ann")
    centre.call("old-bill", "bills")
    centre.wait(121)
    centre.call("leak-2", "leaks")
    assert served(centre, "old-bill", "leak-2") == ["old-bill", "leak-2"]


def test_with_no_time_of_fairness_the_most_urgent_goes_first_whatever_the_skill() -> None:
    target = {"order": "service_level", "service_level_s": 20, "weight": 1}  # due 200 s after asking
    queues = [queue("bills", ("bills", 1), **target), queue("leaks", ("leaks", 1), **target)]
    people = [agent("ann", ("leaks", 9), ("bills", 2), takes="strongest_skill")]
    centre = Centre(queues, people, fair_after_s=0)
    centre.call("bill", "bills")
    centre.wait(1)
    centre.call("leak", "leaks")
    assert served(centre, "bill", "leak") == ["bill", "leak"]


def test_an_emergency_goes_before_everybody_whatever_their_points() -> None:
    centre = Centre([queue("water", rank=100), queue("burst", is_emergency=True)], [agent("ann")])
    centre.call("valued", priority=100)
    centre.wait(600)
    centre.call("burst", "burst")
    assert served(centre, "valued", "burst") == ["burst", "valued"]


def test_who_is_nearest_to_missing_the_target_goes_first() -> None:
    """Targets of 20 and 120 seconds: the later caller of the quick queue is due sooner. Twice the weight halves the
    target."""
    quick = queue("quick", service_level_s=20, order="service_level")
    slow = queue("slow", service_level_s=120, order="service_level")
    heavy = queue("heavy", service_level_s=120, order="service_level", weight=20)
    centre = Centre([quick, slow, heavy], [agent("ann")])
    centre.call("slow", "slow")  # due at 120 s
    centre.wait(30)
    centre.call("heavy", "heavy")  # due at 30 + 60 s
    centre.wait(50)
    centre.call("quick", "quick")  # due at 80 + 20 s
    assert served(centre, "slow", "heavy", "quick") == ["heavy", "quick", "slow"]


arrivals = st.lists(
    st.tuples(st.integers(0, 20 * MINUTE_MS), st.sampled_from(("low", "high", "quick")), st.integers(-500, 500)),
    min_size=2,
    max_size=12,
)


@given(arrivals)
def test_nobody_is_overtaken_by_who_asks_much_later(calls: list[tuple[int, str, int]]) -> None:
    """The bound: twice the greatest boost (two hours) and the greatest allowance. Whatever the points, who asked so
    much later is served later."""
    queues = [
        queue("low", rank=-50, offer_timeout_s=600),
        queue("high", rank=90, offer_timeout_s=600),
        queue("quick", order="service_level", service_level_s=600, weight=1, offer_timeout_s=600),
    ]
    bound_ms = 2 * 120 * MINUTE_MS + 100 * MINUTE_MS
    centre = Centre(queues, [agent("ann")])
    start = centre.now_ms
    asked: dict[str, int] = {}
    for number, (gap_ms, where, points) in enumerate(calls):
        # Stretched, so that some ask hours later.
        asked[f"k{number}"] = start + number * 25 * MINUTE_MS + gap_ms
        centre.now_ms = asked[f"k{number}"]
        centre.call(f"k{number}", where, priority=points)
    order = served(centre, *asked)
    for position, contact_id in enumerate(order):
        for later in order[position + 1 :]:
            assert asked[contact_id] - asked[later] <= bound_ms
