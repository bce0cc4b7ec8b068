"""Who is on duty when: shifts, pauses, and sites that fail and come back. Compiles unchanged with mypyc."""

from typing import Final

from hotline.engine import codes as c
from hotline.engine.conversations import resume_agent_leg
from hotline.engine.core import Engine
from hotline.engine.presence import lose_connection, restore_connection, set_state, sign_in, sign_out
from hotline.engine.transfers import lose_agent_leg

# Steps of the duty plan.
ARRIVE: Final = 0
GO_HOME: Final = 1
PAUSE: Final = 2
RESUME: Final = 3
LOSE: Final = 4
RESTORE: Final = 5

Step = tuple[int, int, int]  # time, step, agent's engine id


class Duty:
    """The agents' plan, and what its steps ask of the engine."""

    __slots__ = ("_away_reason", "_engine", "_first_agent", "_is_down", "_is_expected", "_next", "_plan", "_sessions")

    def __init__(self, engine: Engine, agents: tuple[int, int], plan: list[Step]) -> None:
        """`agents`: the engine's first id and how many; `plan`: ascending by time."""
        self._engine = engine
        self._first_agent = agents[0]
        self._is_expected = [False] * agents[1]
        self._is_down = [False] * agents[1]
        self._away_reason: int = engine.away_reasons[0] if engine.away_reasons else c.NO_REASON
        self._plan = plan
        self._next = 0
        self._sessions = 0

    def is_expected(self, agent: int) -> bool:
        """Whether the agent's shift has begun and not ended."""
        return self._is_expected[agent - self._first_agent]

    def next_at(self) -> int:
        """When the plan's next step is; -1 when there is none."""
        return self._plan[self._next][0] if self._next < len(self._plan) else -1

    def take_step(self, at: int) -> bool:
        """Do the next step that is due; whether there was one."""
        if not 0 <= self.next_at() <= at:
            return False
        _, step, agent = self._plan[self._next]
        self._next += 1
        self._take(at, step, agent)
        return True

    def _take(self, at: int, step: int, agent: int) -> None:
        engine = self._engine
        number = agent - self._first_agent
        if step == ARRIVE:
            self._is_expected[number] = True
            if not self._is_down[number]:
                self._start(at, agent)
        elif step == GO_HOME:
            self._is_expected[number] = False
            sign_out(engine, at, agent)
        elif step == LOSE:
            self._is_down[number] = True
            self._lose(at, agent)
        elif step == RESTORE:
            self._is_down[number] = False
            self._restore(at, agent)
        elif engine.agents[agent].state != c.SIGNED_OUT:
            state: int = c.AWAY if step == PAUSE else c.AVAILABLE
            set_state(engine, at, agent, state, self._away_reason if step == PAUSE else c.NO_REASON)

    def _start(self, at: int, agent: int) -> None:
        self._sessions += 1
        sign_in(self._engine, at, agent, self._sessions)
        set_state(self._engine, at, agent, c.AVAILABLE, c.NO_REASON)

    def _lose(self, at: int, agent: int) -> None:
        """The agent's site is cut off: conversations break, the desk's connection is lost."""
        found = self._engine.agents[agent]
        if found.state == c.SIGNED_OUT:
            return
        for talk in list(found.talks):
            lose_agent_leg(self._engine, at, agent, self._engine.interactions[talk].contact.id)
        lose_connection(self._engine, at, agent, found.session)

    def _restore(self, at: int, agent: int) -> None:
        """The site is back: whoever was signed out meanwhile and is still on duty signs in anew."""
        found = self._engine.agents[agent]
        if found.state == c.SIGNED_OUT:
            if self._is_expected[agent - self._first_agent]:
                self._start(at, agent)
            return
        restore_connection(self._engine, at, agent, found.session)
        for talk in list(found.talks):
            resume_agent_leg(self._engine, at, agent, self._engine.interactions[talk].contact.id)
