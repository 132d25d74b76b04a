"""What stands around the daemon goes away and comes back: nothing is lost, and nothing else waits for it."""

import requests

import messages
from broker import Broker
from deployment import Deployment
from ports import wait_until


def test_a_broker_that_is_killed_and_comes_back_loses_nothing(cohort, tmp_path):
    broker = Broker(tmp_path / "kafka").start()
    deployment = None
    try:
        deployment = Deployment(tmp_path / "deployment", broker, "outage")
        daemon = deployment.daemon.start()
        half = len(cohort.messages) // 2
        deployment.send(cohort.messages[:half])
        broker.kill()
        answer = requests.post(daemon.url + "/api/v1/events", data=messages.lines([messages.infusion("S-1")]), timeout=60,
                               headers={"content-type": "application/x-ndjson"})
        assert answer.status_code == 503 and answer.headers["retry-after"], answer.text
        assert daemon.get("/api/v1/summary")["cohorts"] is not None, "reads go on without the broker"
        broker.start()
        deployment.send(cohort.messages[half:])
        deployment.wait_applied()
        deployment.wait_delivered()
        assert daemon.stop() == 0
        # The refused POST may still have reached the topic: the oracle reads the topic, not our memory.
        assert deployment.audit()["counts"]["messages"] - len(cohort.messages) in (0, 1)
    finally:
        if deployment is not None:
            deployment.close()
        broker.remove()


def test_a_webhook_that_refuses_gets_the_same_notification_again_and_holds_up_no_other_sink(broker, tmp_path):
    deployment = Deployment(tmp_path, broker, "webhook")
    deployment.receiver.refuse(503)
    daemon = deployment.daemon.start()
    try:
        deployment.post(messages.shock("S-1"))
        wait_until(lambda: deployment.records(deployment.alerts), 30, "no alert in the topic", every=0.2)
        deployment.wait_delivered()
        assert deployment.receiver.refused == [deployment.receiver.deliveries[0].id], "the same id over retries, in order"
        assert daemon.stop() == 0
        deployment.audit()
    finally:
        deployment.close()
