"""The embedded chain as a provider of web3: the same client code runs on it and on any node."""

from typing import Any

from web3.providers.async_base import AsyncBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from cms_backend.ledger.errors import RpcError
from cms_backend.ledger.local_chain.node import LocalNode


class LocalProvider(AsyncBaseProvider):
    """Hands the requests of AsyncWeb3 to a LocalNode."""

    def __init__(self, node: LocalNode) -> None:
        super().__init__()
        self._node = node

    async def _ask(self, method: str, params: list[Any]) -> Any:
        return await self._node.request(method, params)

    async def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """One request; errors come back as JSON-RPC words them."""
        try:
            result = await self._ask(method, list(params))
        except RpcError as error:
            problem: dict[str, Any] = {"code": error.number, "message": error.detail}
            if error.data is not None:
                problem["data"] = error.data
            return {"jsonrpc": "2.0", "id": 1, "error": problem}  # type: ignore[typeddict-item]  # data is a text
        return {"jsonrpc": "2.0", "id": 1, "result": result}

    async def is_connected(self, show_traceback: bool = False) -> bool:
        """Always: it is in this process."""
        del show_traceback
        return True

    async def disconnect(self) -> None:
        """Close the chain's file."""
        await self._node.close()


class ReadingProvider(LocalProvider):
    """For what is asked from outside: it reads, within bounds. The node is the other provider's to close."""

    async def _ask(self, method: str, params: list[Any]) -> Any:
        return await self._node.read(method, params)

    async def disconnect(self) -> None:
        """Nothing of its own."""
