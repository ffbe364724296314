"""Settings come from a file, the environment and the command line, in rising order."""

from pathlib import Path

import pytest

from cms_backend.config import SettingsError, load_settings
from cms_desktop.paths import default_home


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CMS_CONFIG", raising=False)
    monkeypatch.setenv("CMS_HOME", str(tmp_path / "from-environment"))


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "cms.yaml"
    path.write_text(text)
    return path


def test_a_file_sets_sections_and_fills_variables_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODE", "http://node:8545")
    path = _file(
        tmp_path,
        'blockchain:\n  node_url: "${NODE}"\n  confirmations: 12\n'
        'auth:\n  jwt_secret: "${UNSET_SECRET:-fallback}"\n',
    )
    settings = load_settings(path)
    assert settings.blockchain.node_url == "http://node:8545"
    assert settings.blockchain.confirmations == 12
    assert settings.auth.jwt_secret is not None
    assert settings.auth.jwt_secret.get_secret_value() == "fallback"


def test_the_environment_wins_over_the_file_and_the_command_line_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _file(tmp_path, "server:\n  port: 1000\nhome: /from-file\n")
    monkeypatch.setenv("CMS_SERVER__PORT", "2000")
    settings = load_settings(path)
    assert settings.server.port == 2000
    assert settings.home == tmp_path / "from-environment"
    assert load_settings(path, home=tmp_path / "given").home == tmp_path / "given"


def test_a_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="DB_PASSWORD"):
        load_settings(_file(tmp_path, 'database:\n  url: "postgres://${DB_PASSWORD}"\n'))


@pytest.mark.parametrize("text", ["server: {prot: 1}", "server: {port: 99999}", "colour: red"])
def test_an_unknown_key_or_a_value_out_of_range_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match="do not fit"):
        load_settings(_file(tmp_path, text))


@pytest.mark.parametrize("text", ["- a\n- b\n", "server: [", "\x00"])
def test_a_file_that_is_no_settings_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError):
        load_settings(_file(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.yaml"):
        load_settings(tmp_path / "nowhere.yaml")


def test_a_secret_is_never_in_the_message_of_a_mistake(tmp_path: Path) -> None:
    path = _file(tmp_path, "auth:\n  jwt_secret: hunter2\n  token_expiry_hours: many\n")
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(load_settings(_file(tmp_path, "auth:\n  jwt_secret: hunter2\n")))


def test_the_data_folder_is_that_of_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CMS_HOME", raising=False)
    assert load_settings(None).home == default_home()
