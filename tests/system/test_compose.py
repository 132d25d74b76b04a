"""The compose file: what it names is there and fixed, nothing is open to the network, and Grafana finds its database."""

import re

import yaml

from daemon import ROOT

FOLDER = ROOT / "deploy/docker"
COMPOSE = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]


def mounts():
    for name, service in SERVICES.items():
        for mount in service.get("volumes", []):
            yield name, mount.split(":")


def test_what_is_mounted_is_there_and_cannot_be_written():
    for name, (source, target, *options) in mounts():
        if source.startswith("."):
            assert (FOLDER / source).resolve().exists(), f"{name}: {source}"
            assert options == ["ro"], f"{name}: {target} can be written"
        else:
            assert source in COMPOSE["volumes"], f"{name}: the volume {source} is not declared"
    assert {source for _, (source, *_) in mounts() if not source.startswith(".")} == set(COMPOSE["volumes"]), "a volume that nobody has"


def test_nothing_is_published_beyond_the_loopback_and_every_image_has_a_version():
    for name, service in SERVICES.items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        if "build" not in service:
            assert re.search(r":v?\d+\.\d+(\.\d+)?$", service["image"]), f"{name}: {service['image']}"


def test_who_waits_for_health_waits_for_a_service_that_has_a_check():
    for name, service in SERVICES.items():
        needs = service.get("depends_on", {})
        for other, how in needs.items() if isinstance(needs, dict) else ((other, {}) for other in needs):
            assert other in SERVICES, f"{name} waits for {other}"
            assert how.get("condition") != "service_healthy" or "healthcheck" in SERVICES[other], f"{name}: {other} has no health check"


def test_grafana_finds_its_database_and_nobody_else_does():
    grafana, database = SERVICES["grafana"], SERVICES["postgres"]
    asked, made = grafana["environment"], database["environment"]
    assert asked["GF_DATABASE_TYPE"] == "postgres" and asked["GF_DATABASE_HOST"] == "postgres:5432"
    assert (asked["GF_DATABASE_NAME"], asked["GF_DATABASE_USER"]) == (made["POSTGRES_DB"], made["POSTGRES_USER"])
    assert asked["GF_DATABASE_PASSWORD__FILE"] == made["POSTGRES_PASSWORD_FILE"]
    assert grafana["depends_on"]["postgres"] == {"condition": "service_healthy"}
    assert "ports" not in database and [name for name, service in SERVICES.items() if "database" in service.get("networks", [])] == [
        "postgres", "grafana"]
    assert database["networks"] == ["database"] and COMPOSE["networks"]["database"] == {"internal": True}
    assert "default" in grafana["networks"], "Grafana would not reach Prometheus"


def test_passwords_come_from_files_that_are_in_no_repository_and_no_image():
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            assert "PASSWORD" not in variable or variable.endswith("_FILE"), f"{name}: {variable} holds a password"
            if str(value).startswith("/run/secrets/"):
                assert value.removeprefix("/run/secrets/") in service["secrets"], f"{name}: {value} is not given to it"
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"]), name
    files = {secret["file"] for secret in COMPOSE["secrets"].values()}
    assert all(file.startswith("./secrets/") for file in files)
    assert "/deploy/docker/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert "deploy/docker/secrets" in (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    made = re.search(r"^for one in ([\w -]+); do openssl rand", page, re.MULTILINE)
    assert {f"./secrets/{name}" for name in made[1].split()} == files, "the page makes other files"


def test_grafana_is_given_what_its_provisioning_names():
    environment, targets = SERVICES["grafana"]["environment"], {target for name, (_, target, *_) in mounts() if name == "grafana"}
    provider = yaml.safe_load((ROOT / "monitoring/grafana/provisioning/dashboards/cellvigil.yaml").read_text(encoding="utf-8"))["providers"][0]
    assert provider["options"]["path"] in targets and "/etc/grafana/provisioning" in targets
    source = (ROOT / "monitoring/grafana/provisioning/datasources").glob("*.y*ml")
    for variable in re.findall(r"\$\{(\w+)\}", "".join(path.read_text(encoding="utf-8") for path in source)):
        assert variable in environment, variable
    assert environment["CELLVIGIL_PROMETHEUS_URL"] == "http://prometheus:9090"
    home = environment["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"].rpartition("/")
    assert home[0] == provider["options"]["path"] and (ROOT / "monitoring/grafana/dashboards" / home[2]).exists()
