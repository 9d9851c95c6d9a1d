"""The browser libraries: locked, cached, and complained about clearly."""

import json
import shutil

import pytest

from gptcourse.authoring import assets

LOCK = json.loads((assets.ROOT / "book" / "package-lock.json").read_text(encoding="utf-8"))
PACKAGE = json.loads((assets.ROOT / "book" / "package.json").read_text(encoding="utf-8"))


def test_the_lock_names_no_registry_and_checks_every_package():
    packages = {name: package for name, package in LOCK["packages"].items() if name}
    assert packages
    for name, package in packages.items():
        assert "resolved" not in package, f"{name}: run npm in book/, where .npmrc leaves addresses out of the lock"
        assert package["integrity"].startswith("sha512-"), name


def test_the_lock_has_the_versions_that_package_json_asks_for():
    asked = {**PACKAGE["dependencies"], **PACKAGE["devDependencies"]}
    assert asked == {name: LOCK["packages"][f"node_modules/{name}"]["version"] for name in asked}


def test_ensure_brings_what_the_book_uses():
    modules = assets.ensure()
    assert (modules / assets.VAZIRMATN).read_bytes()[:4] == b"wOF2"
    assert (modules / "katex" / "dist" / "katex.js").is_file()
    assert (modules / "axe-core" / "axe.min.js").is_file()


def test_a_second_call_runs_no_npm(monkeypatch):
    first = assets.ensure()
    monkeypatch.setattr(assets, "_install", lambda *_: pytest.fail("npm was called although everything is there"))
    assert assets.ensure() == first


def test_a_failing_npm_is_reported_and_leaves_nothing_half_done(tmp_path):
    (tmp_path / "book").mkdir()
    shutil.copy(assets.ROOT / "book" / "package.json", tmp_path / "book")
    (tmp_path / "book" / "package-lock.json").write_text("{ no lock", encoding="utf-8")
    with pytest.raises(
        assets.AssetsError, match=r"(?s)package-lock.json.*need the network once.*npm said:\n.*npm error"
    ):
        assets.ensure(tmp_path)
    assert [path.name for path in (tmp_path / "_build" / "assets").iterdir()] in ([], ["install.lock"])
