"""What the switch measures of itself, for Prometheus. Counts and seconds only: no ids, no names."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.metrics_core import HistogramMetricFamily
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from hotline.messages.routing import RoutingEvent

_COMMIT_BUCKETS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0)


class Durations(Collector):
    """How long something takes, in plain numbers: what is noted with every batch must cost next to nothing."""

    def __init__(self, name: str, documentation: str, bounds_s: Sequence[float]) -> None:
        self._name, self._documentation, self._bounds_s = name, documentation, bounds_s
        self._counts = [0] * (len(bounds_s) + 1)  # the last: longer than every bound
        self._sum_s = 0.0

    def note(self, seconds: float) -> None:
        self._counts[bisect_left(self._bounds_s, seconds)] += 1
        self._sum_s += seconds

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """What Prometheus reads: of each bound, how many took no longer."""
        names = (*map(str, self._bounds_s), "+Inf")
        buckets = list(zip(names, map(float, accumulate(self._counts)), strict=True))
        yield HistogramMetricFamily(self._name, self._documentation, buckets=buckets, sum_value=self._sum_s)


class SwitchMetrics:
    """One registry per switch, so that several can live in one test process."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self.commit_seconds = Durations(
            "hotline_routing_commit_seconds", "From drained inbox to durable batch.", _COMMIT_BUCKETS_S
        )
        registry.register(self.commit_seconds)
        self.events = Counter("hotline_routing_events", "Events committed, by type.", ["type"], registry=registry)
        self.refusals = Counter("hotline_routing_refusals", "Commands refused, by code.", ["code"], registry=registry)
        self.effects = Counter("hotline_routing_effects", "Effects handed to nodes.", registry=registry)
        self.listener_failures = Counter(
            "hotline_routing_listener_failures", "Defects in what is shown or sent; see the log.", registry=registry
        )
        self.inbox = Gauge("hotline_routing_inbox", "Commands waiting to be decided.", registry=registry)
        self.seq = Gauge("hotline_routing_log_seq", "Number of the newest batch.", registry=registry)
        self.pruned = Counter(
            "hotline_routing_log_pruned", "Old batches removed from the routing log.", registry=registry
        )
        self.epoch = Gauge("hotline_routing_log_epoch", "Epoch of this leader.", registry=registry)
        self.nodes = Gauge("hotline_nodes_connected", "Nodes connected.", registry=registry)
        self.nodes_with_voice = Gauge(
            "hotline_nodes_with_voice", "Nodes connected whose voice platform answers.", registry=registry
        )
        self.nodes_not_recording = Gauge(
            "hotline_nodes_not_recording", "Nodes that do not record now (full disk).", registry=registry
        )
        self.browsers = Gauge("hotline_browsers_connected", "Browsers connected.", registry=registry)
        self.frames = Counter("hotline_live_frames", "Frames sent to browsers.", registry=registry)
        self.resyncs = Counter("hotline_live_snapshots", "Snapshots sent to browsers.", registry=registry)
        self.closures = Counter("hotline_live_closures", "Connections closed, by code.", ["code"], registry=registry)
        self.agents_lost = Counter("hotline_live_agents_lost", "Agents' browsers found gone.", registry=registry)

        # Since the last exposition: plain numbers, as they are raised a thousand times a second.
        self.frames_sent = 0
        self._effects_handed = 0
        self._committed: defaultdict[type[RoutingEvent], int] = defaultdict(int)

    def count(self, events: Sequence[RoutingEvent], effects: int) -> None:
        """Count a batch that was committed."""
        self._effects_handed += effects
        committed = self._committed
        for event in events:
            committed[type(event)] += 1

    def exposition(self) -> bytes:
        """The text that Prometheus reads."""
        self.frames.inc(self.frames_sent)
        self.effects.inc(self._effects_handed)
        for kind, number in self._committed.items():
            self.events.labels(kind.__name__).inc(number)
        self.frames_sent = self._effects_handed = 0
        self._committed.clear()
        return generate_latest(self.registry)
