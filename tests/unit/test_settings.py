from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from deploy.local.settings import LocalSettings
from handelspuls.errors import CannotRun
from handelspuls.privacy import ensure_local_key, privacy_key
from handelspuls.settings import PREFIX, Settings


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for model in (Settings, LocalSettings):
        for name, field in model.model_fields.items():
            monkeypatch.delenv(str(field.validation_alias or PREFIX + name.upper()), raising=False)


def test_the_defaults_work_without_any_environment() -> None:
    assert Settings.from_environment().kafka_bootstrap_servers == "127.0.0.1:9092"
    assert LocalSettings.from_environment().workers == 1


def test_kafka_and_the_database_keep_the_names_that_others_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092")
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://somewhere/else")
    settings = Settings.from_environment()
    assert (settings.kafka_bootstrap_servers, settings.database_url) == (
        "kafka:9092",
        "postgresql+psycopg://somewhere/else",
    )


def test_all_other_settings_carry_the_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDELSPULS_FLUSH_INTERVAL_MS", "250")
    assert Settings.from_environment().flush_interval_ms == 250


def test_a_wrong_value_is_told_with_the_name_of_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDELSPULS_WEB_PORT", "eighty")
    with pytest.raises(CannotRun, match="HANDELSPULS_WEB_PORT: "):
        Settings.from_environment()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings().language = "en"


def test_there_are_fewer_than_25_settings_and_each_has_a_description() -> None:
    assert len(Settings.model_fields) < 25
    assert all(field.description for field in (*Settings.model_fields.values(), *LocalSettings.model_fields.values()))


def test_a_key_in_the_setting_goes_before_one_in_a_file(tmp_path: Path) -> None:
    file = ensure_local_key(tmp_path)
    settings = Settings(privacy_key=SecretStr("sixteen letters!"), privacy_key_file=file)
    assert privacy_key(settings) == b"sixteen letters!"


def test_the_local_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = privacy_key(Settings(privacy_key_file=ensure_local_key(tmp_path)))
    assert privacy_key(Settings(data_dir=tmp_path)) == first
    assert ensure_local_key(tmp_path).stat().st_mode & 0o077 == 0
    assert privacy_key(Settings(data_dir=tmp_path)) == first


def test_without_any_key_the_message_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="Set HANDELSPULS_PRIVACY_KEY or HANDELSPULS_PRIVACY_KEY_FILE"):
        privacy_key(Settings(data_dir=tmp_path))


def test_a_file_that_holds_no_text_is_no_key(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(b"\xff" * 32)
    with pytest.raises(CannotRun, match=r"_KEY_FILE: .* \(it is no text\)"):
        privacy_key(Settings(privacy_key_file=file))


def test_a_short_key_is_refused() -> None:
    with pytest.raises(CannotRun, match="shorter than 16"):
        privacy_key(Settings(privacy_key=SecretStr("short")))


def test_the_key_does_not_show_when_settings_are_printed() -> None:
    assert "sixteen letters!" not in repr(Settings(privacy_key=SecretStr("sixteen letters!")))
