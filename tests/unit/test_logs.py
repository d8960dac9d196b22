import json
import logging

import pytest
import structlog

from handelspuls.logs import set_up_logs


def test_a_log_line_is_one_json_object_that_names_its_process(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(process="worker", console=False)
    structlog.get_logger("streams").info("batch done", records=3)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["records"], line["process"], line["level"]) == ("batch done", 3, "worker", "info")


def test_libraries_log_in_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(process="web", console=False)
    logging.getLogger("some.library").warning("slow by %s s", 3)
    assert json.loads(capsys.readouterr().err)["event"] == "slow by 3 s"


def test_what_is_less_severe_than_the_level_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(process="web", level="warning", console=False)
    structlog.get_logger("streams").info("not worth a line")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("console", [True, False])
def test_a_traceback_shows_no_variables_for_they_hold_what_people_sent(
    capsys: pytest.CaptureFixture[str],
    console: bool,  # noqa: FBT001
) -> None:
    set_up_logs(process="worker", console=console)
    buyer = "B-778"
    try:
        int(f"0{len(buyer)}x")
    except ValueError:
        structlog.get_logger("streams").exception("judging_failed")
    shown = capsys.readouterr().err
    assert "ValueError" in shown
    assert buyer not in shown
