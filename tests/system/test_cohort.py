"""The simulated cohort through a real broker, the daemon, a real Prometheus and a webhook: every result is the oracle's."""

from deployment import Deployment, outcomes_of, outcomes_of_oracle
from ports import wait_until
from prometheus import Prometheus


def test_the_cohort_through_the_broker_is_what_the_oracle_says(broker, cohort, tmp_path):
    deployment = Deployment(tmp_path, broker, "cohort")
    daemon = deployment.daemon.start()
    prometheus = Prometheus(tmp_path / "prometheus", f"127.0.0.1:{daemon.port}").start()
    try:
        deployment.send(cohort.messages)
        deployment.wait_applied()
        deployment.wait_delivered()
        metrics = daemon.metrics()
        assert metrics["cellvigil_messages_consumed_total"] == len(cohort.messages)
        assert metrics["cellvigil_messages_processed_total"] == len(cohort.messages)
        processed = "sum(cellvigil_messages_processed_total)"
        wait_until(lambda: prometheus.value(processed) == len(cohort.messages), 20, "Prometheus did not see every message")
        assert prometheus.value("up") == 1
        lag = "sum(cellvigil_kafka_consumer_lag_messages)"
        wait_until(lambda: prometheus.value(lag) == 0, 20, "the lag does not end at 0")
        assert daemon.stop() == 0
        oracle = deployment.audit()
    finally:
        prometheus.stop()
        deployment.close()
    assert outcomes_of(metrics) == outcomes_of_oracle(oracle)
    assert oracle["alerts"], "a cohort without any alert proves little"
