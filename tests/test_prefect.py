"""The monitor under Prefect: deployed as the README says, scheduled, run by a worker; and with no server at all."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.demo.newsroom import load_newsroom
from flows.demo.stage import BUNDLED_WATCHES, Stage, demo_stage
from storage.published import open_published

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PATIENCE = 240
"""Seconds until a test gives up on something that should happen at once; never part of what is asserted."""

pytestmark = pytest.mark.slow


def readme_commands() -> list[str]:
    """The commands of the README's section on Prefect, as the README's test finds them."""
    section = (
        (ROOT / "README.md").read_text(encoding="utf-8").partition("## Deploying with Prefect")
    )
    return re.findall(r"^\$ (.+)$", section[2].partition("\n## ")[0], re.M)


@contextmanager
def background(command: list[str], env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own, gone at the end whatever it started."""
    process = subprocess.Popen(
        command,
        env=dict(env),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class Server:
    """A Prefect server's REST interface."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The JSON answer to a GET, or to a POST of `body`."""
        request = urllib.request.Request(
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def wait_for(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Asks until the answer is something."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                found = self.ask(path, body)
            except OSError:
                found = None
            if found:
                return found
            time.sleep(0.3)
        raise AssertionError(f"nothing came of {path}")


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which Prefect knows nothing of this machine's own settings."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    return clean | {
        "PREFECT_HOME": str(tmp_path_factory.mktemp("prefect")),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }


@pytest.fixture(scope="module")
def server(env: dict[str, str]) -> Iterator[Server]:
    """A server of its own; `env` points to it while it lives."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(BIN / "prefect"), "server", "start", "--host", "127.0.0.1", "--no-ui"]
    with background([*command, "--port", str(port)], env):
        server = Server(f"http://127.0.0.1:{port}/api")
        server.wait_for("/health")
        env["PREFECT_API_URL"] = server.url
        yield server
        del env["PREFECT_API_URL"]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """The sample newsroom with its sinks."""
    with demo_stage(tmp_path / "demo", load_newsroom(START), BUNDLED_WATCHES) as stage:
        yield stage


def shell(command: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        ["bash", "-c", command],
        env=dict(env),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def check_everything_arrived(stage: Stage) -> None:
    """Every article of the newsroom is stored and every delivery reached its sink."""
    with open_published(stage.configuration.settings.database) as queries:
        counts = queries.counts()
    assert counts.articles == len(stage.site.newsroom.articles(1))
    assert set(counts.deliveries) == {"sent"}
    assert stage.mail.count + stage.slack.count == counts.deliveries["sent"] > 0


def test_deployed_as_the_readme_says(server: Server, env: dict[str, str], stage: Stage) -> None:
    """Pool, deployment and worker come from the README's commands; the schedule makes runs, and a run does the whole line.

    One channel's secret is in the worker's environment, the other in a Prefect Secret block.
    """
    _start, _export, make_pool, deploy, worker = readme_commands()
    config = stage.folder / "monitor.yaml"
    shell(make_pool.replace(".venv/bin/", ""), env)
    deploy = deploy.replace("$PWD/newsdesk/monitor.yaml", str(config))
    shell(deploy.replace(".venv/bin/", ""), env)
    [deployment] = server.ask("/deployments/filter", {})
    assert deployment["name"] == "monitor"
    assert deployment["concurrency_limit"] == 1 or deployment["global_concurrency_limit"]
    # With SQLAlchemy 2.1 the server would be healthy and this list stay empty for ever.
    scheduled = server.wait_for(
        "/flow_runs/filter",
        {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}},
    )
    assert all(run["auto_scheduled"] for run in scheduled)

    name, secret = "demo-slack-webhook-url", stage.secrets["DEMO_SLACK_WEBHOOK_URL"]
    store = (
        "from prefect.blocks.system import Secret;"
        f"Secret(value={secret!r}).save({name!r}, _sync=True)"
    )
    subprocess.run([sys.executable, "-c", store], env=env, check=True, capture_output=True)
    worker_env = env | {"DEMO_SMTP_URL": stage.secrets["DEMO_SMTP_URL"]}
    with background(worker.replace(".venv/bin/", f"{BIN}/").split(), worker_env):
        made = server.ask(f"/deployments/{deployment['id']}/create_flow_run", {})
        ended = {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]}}
        [run] = server.wait_for(
            "/flow_runs/filter",
            {"flow_runs": {"id": {"any_": [made["id"]]}, "state": ended}},
        )
    assert run["state"]["type"] == "COMPLETED", run["state"]["message"]
    check_everything_arrived(stage)

    artifacts = {a["key"]: a for a in server.ask("/artifacts/latest/filter", {})}
    rows = json.loads(artifacts["feed-outcomes"]["data"])
    assert {row["outcome"] for row in rows} == {"new"}
    assert len(rows) == len(stage.configuration.feeds)
    assert "Japan" in artifacts["alerts"]["data"]
    logs = json.dumps(server.ask("/logs/filter", {"limit": 200}))
    assert secret not in logs


def test_run_from_the_terminal(server: Server, env: dict[str, str], stage: Stage) -> None:
    """With PREFECT_API_URL set `armswire run` is a flow run, and prints its result and nothing else."""
    command = [sys.executable, "-m", "flows.cli.main", "run", "--json", "--config"]
    done = subprocess.run(
        [*command, str(stage.folder / "monitor.yaml")],
        env=env | stage.secrets,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["articles"] == len(stage.site.newsroom.articles(1))
    check_everything_arrived(stage)
    runs = server.ask("/flow_runs/filter", {"flow_runs": {"deployment_id": {"is_null_": True}}})
    assert [run["state"]["type"] for run in runs] == ["COMPLETED"]


def test_flow_without_a_server(env: dict[str, str], stage: Stage) -> None:
    """With no server configured the flow runs all the same, on Prefect's own temporary one."""
    code = (
        f"from flows.monitor import monitor; monitor(config={str(stage.folder / 'monitor.yaml')!r})"
    )
    alone = {k: v for k, v in env.items() if k != "PREFECT_API_URL"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=alone | stage.secrets,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    check_everything_arrived(stage)
