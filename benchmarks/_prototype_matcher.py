"""The prototype that the engine is measured against: three kinds of events, idle agents in one heap per queue.

No offers, wrap-up, levels, transfers or states: what matching alone costs in plain Python, on the same machine and in
the same minute."""

import heapq

Event = tuple[int, int, int, int]
OFFERED, READY, ASSIGNED = range(3)


class Prototype:
    """`apply` is the only mutator; `decide` applies as it goes."""

    def __init__(self, skills: list[list[int]], queues: int) -> None:
        self.skills = skills
        self.waiting: list[list[tuple[int, int]]] = [[] for _ in range(queues)]
        self.idle: list[list[tuple[int, int]]] = [[] for _ in range(queues)]
        self.calls: dict[int, Event] = {}
        self.ready: dict[int, int] = {}

    def apply(self, event: Event) -> None:
        kind, who, what, at = event
        if kind == OFFERED:
            self.calls[who] = event
            heapq.heappush(self.waiting[what], (at, who))
        elif kind == READY:
            self.ready[who] = at
            for queue in self.skills[who]:
                heapq.heappush(self.idle[queue], (at, who))
        else:
            del self.calls[who]
            del self.ready[what]

    def call(self, call: int, queue: int, at: int) -> list[Event]:
        out: list[Event] = [(OFFERED, call, queue, at)]
        self.apply(out[0])
        idle = self.idle[queue]
        while idle:
            since, agent = idle[0]
            if self.ready.get(agent) == since:
                out.append((ASSIGNED, call, agent, at))
                self.apply(out[1])
                break
            heapq.heappop(idle)
        return out

    def free(self, agent: int, at: int) -> list[Event]:
        out: list[Event] = [(READY, agent, 0, at)]
        self.apply(out[0])
        best: tuple[int, int] | None = None
        for queue in self.skills[agent]:
            waiting = self.waiting[queue]
            while waiting and waiting[0][1] not in self.calls:
                heapq.heappop(waiting)
            if waiting and (best is None or waiting[0] < best):
                best = waiting[0]
        if best is not None:
            out.append((ASSIGNED, best[1], agent, at))
            self.apply(out[1])
        return out
