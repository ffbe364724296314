"""JSON-RPC through AsyncWeb3's providers: requests, results, and the errors of both as ours."""

import asyncio
from typing import Any, Final, Protocol

import aiohttp
from web3 import AsyncHTTPProvider, AsyncWeb3
from web3.exceptions import Web3Exception
from web3.providers.async_base import AsyncBaseProvider
from web3.types import RPCEndpoint

from cms_backend.ledger.errors import LedgerUnreachable, RpcError

#: A node that is frozen, not down, is noticed by this alone.
TIMEOUT_SECONDS: Final = 10.0


class _Closable(Protocol):
    async def disconnect(self) -> None: ...


def http_provider(url: str, timeout: float = TIMEOUT_SECONDS) -> AsyncHTTPProvider:
    """The provider of a node's HTTP address. Raises LedgerUnreachable for other addresses."""
    if not url.startswith(("http://", "https://")):
        raise LedgerUnreachable(
            "blockchain.node_url is no HTTP address.", remedy="Use the http:// or https:// address of a node."
        )
    # Retrying is the caller's: it knows what may be sent twice.
    return AsyncHTTPProvider(
        url,
        request_kwargs={"timeout": aiohttp.ClientTimeout(total=timeout)},
        exception_retry_configuration=None,
    )


class Client:
    """One node, asked through AsyncWeb3."""

    def __init__(self, provider: AsyncBaseProvider) -> None:
        self._web3: AsyncWeb3[AsyncBaseProvider] = AsyncWeb3(provider)

    async def ask(self, method: str, *params: Any) -> Any:
        """The result of a method. Raises LedgerUnreachable, RpcError."""
        try:
            answer = await self._web3.provider.make_request(RPCEndpoint(method), list(params))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise LedgerUnreachable(
                f"The ledger's node does not answer ({type(error).__name__}).",
                remedy="Nothing is lost: it is tried again by itself. Check the node if this lasts.",
            ) from error
        except (Web3Exception, ValueError) as error:
            raise LedgerUnreachable(
                "The ledger's node answers with something that is not JSON-RPC.",
                remedy="Check blockchain.node_url.",
            ) from error
        problem: Any = answer.get("error")
        if problem:
            raise _rpc_error(problem)
        return answer.get("result")

    async def close(self) -> None:
        """Close connections, or the embedded chain's file."""
        provider: _Closable = self._web3.provider
        await provider.disconnect()
        # aiohttp closes its sockets in the next turns of the loop; a loop that ends first warns about them.
        await asyncio.sleep(0)


def _rpc_error(problem: Any) -> RpcError:
    if not isinstance(problem, dict):
        return RpcError(str(problem), -32000)
    data = problem.get("data")
    if isinstance(data, dict):  # some nodes nest it
        data = data.get("data")
    text = data if isinstance(data, str) and data.startswith("0x") else None
    code = problem.get("code")
    number = code if isinstance(code, int) else -32000
    return RpcError(str(problem.get("message", "error")), number, data=text)
