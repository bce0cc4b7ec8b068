"""What the switch measures of itself, for Prometheus. Counts and seconds only: no ids, no names."""

from collections import Counter as TypeCounter
from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

from hotline.messages.routing import RoutingEvent

_COMMIT_BUCKETS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0)


class SwitchMetrics:
    """One registry per switch, so that several can live in one test process."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self.commit_seconds = Histogram(
            "hotline_routing_commit_seconds",
            "From drained inbox to durable batch.",
            buckets=_COMMIT_BUCKETS_S,
            registry=registry,
        )
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
        self._committed: TypeCounter[type[RoutingEvent]] = TypeCounter()

    def count(self, events: Sequence[RoutingEvent], effects: int) -> None:
        """Count a batch that was committed."""
        self._effects_handed += effects
        self._committed.update(map(type, events))

    def exposition(self) -> bytes:
        """The text that Prometheus reads."""
        self.frames.inc(self.frames_sent)
        self.effects.inc(self._effects_handed)
        for kind, number in self._committed.items():
            self.events.labels(kind.__name__).inc(number)
        self.frames_sent = self._effects_handed = 0
        self._committed.clear()
        return generate_latest(self.registry)
