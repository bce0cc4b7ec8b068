"""What the worker measures of itself, for Prometheus; web hands it out. Counts and seconds only: no ids, no names."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 5.0)  # a transaction may take 0.05 s


class WorkerMetrics:
    """One registry per worker, so that several can live in one test process."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._success = Gauge(
            "hotline_worker_last_success_timestamp_seconds",
            "When the part last did its work.",
            ["part"],
            registry=registry,
        )
        self._done = Counter("hotline_housekeeping_done", "Rows dealt with, by chore.", ["chore"], registry=registry)
        self._seconds = Histogram(
            "hotline_housekeeping_seconds",
            "Duration of one portion, by chore.",
            ["chore"],
            buckets=_BUCKETS_S,
            registry=registry,
        )

    def part_worked(self, part: str, at_s: float) -> None:
        self._success.labels(part).set(at_s)

    def chore_done(self, chore: str, done: int, took_s: float) -> None:
        self._done.labels(chore).inc(done)
        self._seconds.labels(chore).observe(took_s)

    def exposition(self) -> bytes:
        """The text that Prometheus reads."""
        return generate_latest(self.registry)
