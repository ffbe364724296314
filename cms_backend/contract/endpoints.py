"""The HTTP face of contracts: new events in, register and evidence out."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from cms_backend.auth.dependencies import caller
from cms_backend.auth.gate import Caller
from cms_backend.config import LimitSettings
from cms_backend.contract import search
from cms_backend.contract.service import ContractService
from cms_backend.core.errors import FormError
from cms_backend.http.bodies import body_of, json_response, read_body, read_json, read_members

EVIDENCE_TYPE = "application/vnd.cms.proof+json"
_EVENT = frozenset({"envelope", "document"})
_BATCH = frozenset({"events"})
_MAX_PAGE = 200
_ID = r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"

ContractPath = Annotated[str, Path(pattern=_ID)]
Words = Annotated[list[str], Query(max_length=50)]


def _answers(schema: str, *statuses: int) -> dict[int | str, dict[str, Any]]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {status: {"description": "Done", "content": content} for status in statuses or (200,)}


def _one(value: Any) -> tuple[Any, Any]:
    if not isinstance(value, dict) or value.keys() != _EVENT:
        raise FormError("An event is sent as an object of exactly: document, envelope.")
    return value["envelope"], value["document"]


def router(service: ContractService, limits: LimitSettings) -> APIRouter:
    """The routes of this slice."""
    routes = APIRouter(tags=["contracts"])
    _writing(routes, service, limits)
    _reading(routes, service)
    _files(routes, service, limits)
    return routes


def _writing(routes: APIRouter, service: ContractService, limits: LimitSettings) -> None:
    @routes.post(
        "/contracts",
        status_code=201,
        summary="Open the record of a contract",
        response_class=Response,
        responses=_answers("Accepted", 200, 201),
        openapi_extra=body_of("NewContract"),
    )
    async def create(request: Request, who: Caller = Depends(caller)) -> Response:
        envelope, document = _one(await read_json(request, limits.body))
        accepted = await service.admit(envelope, document, who, creating=True)
        return json_response(accepted.answer, 201 if accepted.new else 200)

    @routes.post(
        "/contracts/{contract}/events",
        status_code=201,
        summary="Hand in a signed event of a contract",
        response_class=Response,
        responses=_answers("Accepted", 200, 201),
        openapi_extra=body_of("NewEvent"),
    )
    async def add_event(contract: ContractPath, request: Request, who: Caller = Depends(caller)) -> Response:
        envelope, document = _one(await read_json(request, limits.body))
        accepted = await service.admit(envelope, document, who, contract=contract)
        return json_response(accepted.answer, 201 if accepted.new else 200)

    @routes.post(
        "/events/batch",
        summary="Hand in many signed events; a result for each",
        response_class=Response,
        responses=_answers("BatchResult"),
        openapi_extra=body_of("EventBatch"),
    )
    async def add_batch(request: Request, who: Caller = Depends(caller)) -> Response:
        body = await read_members(request, limits.evidence, _BATCH)
        listed = body["events"]
        if not isinstance(listed, list) or len(listed) > limits.batch_events:
            raise FormError(f"A batch is a list of at most {limits.batch_events} events.")
        return json_response({"results": await service.admit_all([_one(value) for value in listed], who)})

    @routes.post(
        "/key-ends",
        status_code=201,
        summary="End a key, naming its successor",
        response_class=Response,
        responses=_answers("KeyEndAccepted", 200, 201),
        openapi_extra=body_of("KeyEnd"),
        dependencies=[Depends(caller)],
    )
    async def end_key(request: Request) -> Response:
        accepted = await service.end_key(await read_json(request, limits.body))
        return json_response(accepted.answer, 201 if accepted.new else 200)


def _reading(routes: APIRouter, service: ContractService) -> None:
    @routes.get("/contracts", summary="The register", response_class=Response, responses=_answers("Page"))
    async def register(  # one parameter for each of the query's
        q: Annotated[str, Query(max_length=200)] = "",
        status: Annotated[list[str] | None, Query(max_length=20)] = None,
        party: Annotated[list[str] | None, Query(max_length=50)] = None,
        needs: Annotated[list[str] | None, Query(max_length=50)] = None,
        sort: Annotated[str, Query(max_length=30)] = "-updated",
        cursor: Annotated[str | None, Query(max_length=600)] = None,
        limit: Annotated[int, Query(ge=1, le=_MAX_PAGE)] = 50,
        who: Caller = Depends(caller),
    ) -> Response:
        query = search.Query(
            text=q,
            statuses=_split(status),
            party=_split(party),
            needs=_split(needs),
            sort=sort,
            cursor=cursor,
            limit=limit,
            reader=None if who.local else who.did,
        )
        return json_response(await service.page(query))

    @routes.get(
        "/contracts/{contract}",
        summary="Everything that is held of a contract",
        response_class=Response,
        responses=_answers("Contract"),
    )
    async def show(contract: ContractPath, who: Caller = Depends(caller)) -> Response:
        return json_response(await service.show(contract, who))


def _split(values: list[str] | None) -> tuple[str, ...]:
    """A list may come as repeated parameters, or separated by commas in one."""
    return tuple(part for value in values or () for part in value.split(",") if part)


def _files(routes: APIRouter, service: ContractService, limits: LimitSettings) -> None:
    binary = {"schema": {"type": "string", "format": "binary"}}

    @routes.get(
        "/contracts/{contract}/evidence",
        summary="The evidence file of a contract",
        response_class=Response,
        responses={200: {"description": "The file", "content": {EVIDENCE_TYPE: binary}}},
    )
    async def evidence(contract: ContractPath, who: Caller = Depends(caller)) -> Response:
        data = await service.evidence(contract, who)
        name = f'attachment; filename="{contract}.cmsproof"'
        return Response(data, media_type=EVIDENCE_TYPE, headers={"Content-Disposition": name})

    @routes.post(
        "/contracts/import",
        summary="Take an evidence file in",
        response_class=Response,
        responses=_answers("Imported"),
        openapi_extra={"requestBody": {"required": True, "content": {EVIDENCE_TYPE: binary}}},
    )
    async def take_in(request: Request, who: Caller = Depends(caller)) -> Response:
        return json_response(await service.take_in(await read_body(request, limits.evidence), who))
