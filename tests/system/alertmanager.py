"""A real Alertmanager with the shipped configuration, its receivers' addresses and waits made fit for a test; and the receivers."""

import copy
import http.server
import json
import pathlib
import subprocess
import threading

import requests
import yaml

from daemon import ROOT
from ports import free_port, wait_until

CONFIG = ROOT / "monitoring/alertmanager/alertmanager.yml"


class Receivers:
    """All receivers of the configuration behind one server: the path of a request is the receiver's name."""

    def __init__(self):
        self._lock = threading.Lock()
        self._told = []
        receivers = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # pylint: disable=invalid-name
                body = json.loads(self.rfile.read(int(self.headers.get("content-length", "0"))))
                receivers.take(self.path.strip("/"), self.headers.get("authorization", ""), body)
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):  # pylint: disable=arguments-differ
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self, receiver, authorization, body):
        with self._lock:
            self._told += [(receiver, authorization, alert) for alert in body["alerts"]]

    def told(self, alertname: str, status: str = "firing"):
        """[(receiver, authorization, alert)] of everything that arrived under this name."""
        with self._lock:
            return [entry for entry in self._told if entry[2]["labels"]["alertname"] == alertname and entry[2]["status"] == status]

    def close(self):
        self._server.shutdown()
        self._server.server_close()


def for_test(config: dict, url: str, token: pathlib.Path) -> dict:
    """The shipped configuration with short waits, and every webhook sent to url/<receiver>/<host it was meant for>."""
    config = copy.deepcopy(config)

    def hurry(route):
        for wait in ("group_wait", "group_interval"):
            if wait in route:
                route[wait] = "200ms"
        for child in route.get("routes", []):
            hurry(child)

    hurry(config["route"])
    for receiver in config["receivers"]:
        for webhook in receiver["webhook_configs"]:
            host = webhook["url"].split("/")[2]
            webhook["url"] = f"{url}/{receiver['name']}/{host}"
            webhook["http_config"] = {"authorization": {"credentials_file": str(token)}}
    return config


class Alertmanager:
    def __init__(self, folder, receivers: Receivers):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.url = f"http://127.0.0.1:{free_port()}"
        self._process = None
        token = self.folder / "token"
        token.write_text("token-of-the-test", encoding="utf-8")
        shipped = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
        (self.folder / "alertmanager.yml").write_text(yaml.safe_dump(for_test(shipped, receivers.url, token)), encoding="utf-8")

    def start(self, seconds: float = 30):
        with open(self.folder / "alertmanager.log", "ab") as log:
            self._process = subprocess.Popen(  # pylint: disable=consider-using-with
                ["prometheus-alertmanager", f"--config.file={self.folder}/alertmanager.yml", f"--storage.path={self.folder}/data",
                 f"--web.listen-address={self.url.removeprefix('http://')}", "--cluster.listen-address=", "--log.level=warn"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until(self._ready, seconds, f"Alertmanager is not ready; see {self.folder}/alertmanager.log")
        return self

    def stop(self):
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)
            self._process = None

    def post(self, *labels):
        """Alerts as Prometheus or the daemon would send them."""
        requests.post(self.url + "/api/v2/alerts", json=[{"labels": one, "annotations": {}} for one in labels],
                      timeout=10).raise_for_status()

    def alerts(self) -> dict:
        """alertname: how many alerts hold it back."""
        answer = requests.get(self.url + "/api/v2/alerts", timeout=10)
        answer.raise_for_status()
        return {one["labels"]["alertname"]: len(one["status"]["inhibitedBy"]) for one in answer.json()}

    def _ready(self):
        if self._process.poll() is not None:
            raise RuntimeError((self.folder / "alertmanager.log").read_text(encoding="utf-8")[-2000:])
        try:
            return requests.get(self.url + "/-/ready", timeout=1).status_code == 200
        except requests.ConnectionError:
            return False
