"""Versions known to break Prefect stay out of the lock and out of what an unpinned install may choose."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parent.parent


def locked() -> dict[str, Version]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return {m[1]: Version(m[2]) for m in re.finditer(r"^([a-z0-9._-]+)==([^\s;]+)", text, re.M)}


def required() -> dict[str, Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {r.name: r for r in map(Requirement, project["dependencies"])}


def test_sqlalchemy_2_1_stays_out() -> None:
    """With SQLAlchemy 2.1 Prefect's server looks healthy and never schedules a run."""
    assert not required()["sqlalchemy"].specifier.contains("2.1.9")
    assert required()["sqlalchemy"].specifier.contains("2.0.58")
    assert locked()["sqlalchemy"] < Version("2.1")


def test_fastapi_stays_within_what_prefect_works_with() -> None:
    """Prefect 3.8 fails at import with fastapi below 0.139, `prefect deploy` from 0.151 on, the server from 0.155 on."""
    for version, allowed in (("0.138.0", False), ("0.150.0", True), ("0.151.0", False)):
        assert required()["fastapi"].specifier.contains(version) is allowed
    assert Version("0.139") <= locked()["fastapi"] < Version("0.151")


def test_lock_satisfies_the_project_and_carries_hashes() -> None:
    """Every dependency of the project is locked at a version it admits; every locked version has hashes."""
    versions = locked()
    for name, requirement in required().items():
        assert requirement.specifier.contains(str(versions[name])), name
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9._-]+==)", text, flags=re.M)[1:]
    assert {block.partition("==")[0] for block in blocks} == set(versions)
    assert all("--hash=sha256:" in block for block in blocks)


def test_lock_names_no_index_host() -> None:
    """The lock installs from whatever index the machine is set up with."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index-url" not in text
