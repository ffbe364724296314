// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ContractLedger} from "../src/ContractLedger.sol";
import {Merkle} from "./support/Merkle.sol";
import {Test} from "./support/Test.sol";

contract InclusionTest is Test {
    ContractLedger private ledger = new ContractLedger();

    function opened(bytes32 key, bytes32[] memory hashes) private returns (bytes32 logId) {
        logId = ledger.openLog(key);
        ledger.anchor(logId, 0, uint64(hashes.length), Merkle.root(hashes, 0, hashes.length));
    }

    function test_every_leaf_of_every_size_to_70_is_proven_by_its_path_alone() public {
        for (uint64 size = 1; size <= 70; ++size) {
            bytes32[] memory hashes = Merkle.leaves(size, size);
            bytes32 logId = opened(bytes32(uint256(size)), hashes);
            for (uint64 i = 0; i < size; ++i) {
                bytes32[] memory path = Merkle.path(hashes, i, 0, size);
                bytes memory leaf = Merkle.leaf(size, i);
                assertTrue(ledger.verifyInclusion(logId, size, i, leaf, path));
                assertFalse(ledger.verifyInclusion(logId, size, i, leaf, Merkle.append(path, hashes[0])));
                if (size > 1) assertFalse(ledger.verifyInclusion(logId, size, (i + 1) % size, leaf, path));
            }
        }
    }

    function testFuzz_a_large_tree(uint256 seed, uint16 size, uint16 index) public {
        size = size % 700 + 1;
        index = index % size;
        bytes32[] memory hashes = Merkle.leaves(seed, size);
        bytes32 logId = opened(bytes32(seed), hashes);
        bytes32[] memory path = Merkle.path(hashes, index, 0, size);
        assertTrue(ledger.verifyInclusion(logId, size, index, Merkle.leaf(seed, index), path));
    }

    function testFuzz_one_flipped_bit_of_leaf_or_path_is_refused(uint256 seed, uint8 size, uint8 index, uint256 bit)
        public
    {
        size = size % 200 + 2;
        index = index % size;
        bytes32[] memory hashes = Merkle.leaves(seed, size);
        bytes32 logId = opened(bytes32(seed), hashes);
        bytes32[] memory path = Merkle.path(hashes, index, 0, size);
        bytes memory leaf = Merkle.leaf(seed, index);
        uint256 part = bit / 512 % (path.length + 1);
        if (part == path.length) leaf[bit % 512 / 8] ^= bytes1(uint8(1 << (bit % 8)));
        else path[part] ^= bytes32(1 << (bit % 256));
        assertFalse(ledger.verifyInclusion(logId, size, index, leaf, path));
    }

    function testFuzz_another_index_or_size_is_refused(uint256 seed, uint8 size, uint8 index, uint64 otherIndex)
        public
    {
        size = size % 200 + 1;
        index = index % size;
        vm.assume(otherIndex != index);
        bytes32[] memory hashes = Merkle.leaves(seed, size);
        bytes32 logId = opened(bytes32(seed), hashes);
        bytes32[] memory path = Merkle.path(hashes, index, 0, size);
        bytes memory leaf = Merkle.leaf(seed, index);
        assertFalse(ledger.verifyInclusion(logId, size, otherIndex, leaf, path));
        assertFalse(ledger.verifyInclusion(logId, size + 1, index, leaf, path));
        assertFalse(ledger.verifyInclusion(bytes32(0), size, index, leaf, path));
    }

    function testFuzz_an_inner_node_is_no_leaf(uint256 seed, uint8 size) public {
        size = size % 100 + 2;
        bytes32[] memory hashes = Merkle.leaves(seed, size);
        bytes32 logId = opened(bytes32(seed), hashes);
        uint256 k = Merkle.split(size);
        bytes memory children = abi.encodePacked(Merkle.root(hashes, 0, k), Merkle.root(hashes, k, size));
        assertFalse(ledger.verifyInclusion(logId, size, 0, children, new bytes32[](0)));
    }
}
