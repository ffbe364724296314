"""What the description promises, held against a running backend by generated requests (schemathesis)."""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.backend_process import BackendProcess

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackendProcess]:
    with BackendProcess(tmp_path_factory.mktemp("openapi") / "home") as backend:
        yield backend


@pytest.fixture(scope="module")
def described(backend: BackendProcess) -> schemathesis.BaseSchema:
    schema = schemathesis.openapi.from_url(f"{backend.url}/openapi.json", headers=backend.headers)
    # Stopping is tried elsewhere, and the stream does not end.
    return schema.exclude(path_regex="(/backend/stop|/stream)$")


def test_every_answer_is_one_that_the_description_names(
    described: schemathesis.BaseSchema, backend: BackendProcess
) -> None:
    tried = 0
    for found in described.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def try_it(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=backend.headers, checks=CHECKS, timeout=20)

        try_it()
        tried += 1
    assert tried >= 15
