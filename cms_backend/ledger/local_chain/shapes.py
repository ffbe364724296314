"""Blocks, transactions and receipts as JSON-RPC shows them (Ethereum execution API specification)."""

from typing import Any

from eth.abc import BlockHeaderAPI, ReceiptAPI, SignedTransactionAPI


def quantity(value: int) -> str:
    """A number: 0x and hex without leading zeros."""
    return hex(value)


def data(value: bytes) -> str:
    """Bytes: 0x and two digits a byte."""
    return "0x" + bytes(value).hex()


def base_fee(header: BlockHeaderAPI) -> int:
    """The base fee of a block in wei a gas (EIP-1559; every block of ours has one)."""
    return int(header.base_fee_per_gas or 0)


def block(header: BlockHeaderAPI, size: int, transaction_hash: bytes | None) -> dict[str, Any]:
    """A block with the hash of its transaction (the genesis block has none)."""
    return {
        "number": quantity(header.block_number),
        "hash": data(header.hash),
        "parentHash": data(header.parent_hash),
        "sha3Uncles": data(header.uncles_hash),
        "miner": data(header.coinbase),
        "stateRoot": data(header.state_root),
        "transactionsRoot": data(header.transaction_root),
        "receiptsRoot": data(header.receipt_root),
        "logsBloom": data(header.bloom.to_bytes(256, "big")),
        "difficulty": quantity(header.difficulty),
        "gasLimit": quantity(header.gas_limit),
        "gasUsed": quantity(header.gas_used),
        "timestamp": quantity(header.timestamp),
        "extraData": data(header.extra_data),
        "mixHash": data(header.mix_hash),
        "nonce": data(header.nonce),
        "baseFeePerGas": quantity(base_fee(header)),
        "size": quantity(size),
        "uncles": [],
        "transactions": [] if transaction_hash is None else [data(transaction_hash)],
    }


def _place(header: BlockHeaderAPI) -> dict[str, Any]:
    return {
        "blockHash": data(header.hash),
        "blockNumber": quantity(header.block_number),
        "transactionIndex": "0x0",
    }


def _price(transaction: SignedTransactionAPI, header: BlockHeaderAPI) -> int:
    return min(transaction.max_fee_per_gas, base_fee(header) + transaction.max_priority_fee_per_gas)


def transaction(tx: SignedTransactionAPI, header: BlockHeaderAPI, chain_id: int) -> dict[str, Any]:
    """A transaction in its block."""
    kind = tx.type_id or 0
    body = {
        **_place(header),
        "hash": data(tx.hash),
        "type": quantity(kind),
        "nonce": quantity(tx.nonce),
        "from": data(tx.sender),
        "to": data(tx.to) if tx.to else None,
        "value": quantity(tx.value),
        "gas": quantity(tx.gas),
        "gasPrice": quantity(_price(tx, header)),
        "input": data(tx.data),
        "r": quantity(tx.r),
        "s": quantity(tx.s),
        "v": quantity(tx.y_parity if kind else tx.v),  # type: ignore[attr-defined]  # of legacy transactions
        "chainId": quantity(chain_id),
    }
    if kind == 2:
        body["maxFeePerGas"] = quantity(tx.max_fee_per_gas)
        body["maxPriorityFeePerGas"] = quantity(tx.max_priority_fee_per_gas)
        body["accessList"] = []
        body["yParity"] = quantity(tx.y_parity)
    return body


def receipt(
    made: ReceiptAPI, tx: SignedTransactionAPI, header: BlockHeaderAPI, created: bytes | None, ok: bool
) -> dict[str, Any]:
    """A receipt with its logs."""
    place = {**_place(header), "transactionHash": data(tx.hash)}
    logs = [
        {
            **place,
            "address": data(log.address),
            "topics": [data(topic.to_bytes(32, "big")) for topic in log.topics],
            "data": data(log.data),
            "logIndex": quantity(index),
            "removed": False,
        }
        for index, log in enumerate(made.logs)
    ]
    return {
        **place,
        "from": data(tx.sender),
        "to": data(tx.to) if tx.to else None,
        "contractAddress": data(created) if created and ok else None,
        "cumulativeGasUsed": quantity(made.gas_used),
        "gasUsed": quantity(made.gas_used),
        "effectiveGasPrice": quantity(_price(tx, header)),
        "logs": logs,
        "logsBloom": data(made.bloom.to_bytes(256, "big")),
        "status": quantity(int(ok)),
        "type": quantity(tx.type_id or 0),
    }
