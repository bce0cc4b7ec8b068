"""The engine's state. Only `apply` and `configuring` change it."""

from collections.abc import Callable

from hotline.engine.matching import Board
from hotline.engine.records import Agent, Contact, Gauge, Queue
from hotline.engine.settings import Ladder
from hotline.engine.work import Absence, Interaction, Met, Monitoring, Offer, Transfer

Event = tuple[int, ...]


class World:
    """Everything the engine knows. Read freely; change it only by `apply.apply` and `configuring.configure`."""

    __slots__ = (
        "absent",
        "agents",
        "answered",
        "away_reasons",
        "board",
        "contacts",
        "disasters",
        "gauges",
        "interactions",
        "interruptible",
        "ladders",
        "met",
        "monitorings",
        "offers",
        "order",
        "queues",
        "released",
        "resume_grace_ms",
        "ring_sites",
        "sites_down",
        "timers",
        "transfers",
        "version",
    )

    def __init__(self) -> None:
        self.version = -1
        self.resume_grace_ms = 10_000
        self.away_reasons: tuple[int, ...] = ()
        self.board = Board()
        self.queues: dict[int, Queue] = {}
        self.agents: dict[int, Agent] = {}
        self.contacts: dict[int, Contact] = {}
        self.offers: dict[int, Offer] = {}
        self.answered: dict[int, int] = {}  # answered offer -> its interaction, until that is wrapped up
        self.interactions: dict[int, Interaction] = {}
        self.transfers: dict[int, Transfer] = {}
        self.ladders: dict[int, Ladder] = {}
        self.gauges: dict[int, Gauge] = {}  # of the queues that ladders watch
        self.ring_sites: dict[int, None] = {}  # those that some ring names
        self.sites_down: dict[int, None] = {}
        self.disasters: dict[int, None] = {}  # queues in disaster mode
        self.interruptible: tuple[int, ...] = ()  # channels
        self.monitorings: dict[int, Monitoring] = {}
        self.met: dict[int, Met] = {}  # by the promised contact
        self.absent: dict[int, Absence] = {}  # nodes without a connection
        self.order = 0  # of arrivals and of ends of work: breaks ties of equal stamps
        self.timers: list[tuple[int, int, int]] = []  # (due, timer, id), with entries that no longer hold
        self.released: list[tuple[int, int]] = []  # (family, id) that nothing here refers to any more


Applier = Callable[[World, Event], None]
