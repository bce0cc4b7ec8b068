"""What Prometheus reads of the switch."""

from prometheus_client.parser import text_string_to_metric_families

from hotline.live.switch.metrics import SwitchMetrics


def test_the_time_of_commits_is_a_histogram() -> None:
    metrics = SwitchMetrics()
    for seconds in (0.001, 0.0015, 0.3, 9.0):
        metrics.commit_seconds.note(seconds)
    families = {family.name: family for family in text_string_to_metric_families(metrics.exposition().decode())}
    commits = families["hotline_routing_commit_seconds"]
    assert commits.type == "histogram"
    buckets = {sample.labels["le"]: sample.value for sample in commits.samples if sample.name.endswith("_bucket")}
    assert (buckets["0.001"], buckets["0.002"], buckets["0.25"], buckets["1.0"], buckets["+Inf"]) == (1, 2, 2, 3, 4)
    totals = {sample.name: sample.value for sample in commits.samples if not sample.labels}
    assert totals == {"hotline_routing_commit_seconds_count": 4, "hotline_routing_commit_seconds_sum": 9.3025}
