// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev RFC 6962, section 2.1, as its recursive definitions stand: slow, and nothing like the code under test.
library Merkle {
    function leaf(uint256 seed, uint256 index) internal pure returns (bytes memory) {
        return abi.encodePacked(sha256(abi.encode(seed, index)), sha256(abi.encode(index, seed)));
    }

    function leaves(uint256 seed, uint256 size) internal pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) {
            hashes[i] = sha256(abi.encodePacked(uint8(0), leaf(seed, i)));
        }
    }

    /// @dev MTH over hashes[from:to].
    function root(bytes32[] memory hashes, uint256 from, uint256 to) internal pure returns (bytes32) {
        if (to - from == 1) return hashes[from];
        uint256 k = split(to - from);
        return sha256(abi.encodePacked(uint8(1), root(hashes, from, from + k), root(hashes, from + k, to)));
    }

    /// @dev PATH(index, hashes[from:to]).
    function path(bytes32[] memory hashes, uint256 index, uint256 from, uint256 to)
        internal
        pure
        returns (bytes32[] memory)
    {
        if (to - from == 1) return new bytes32[](0);
        uint256 k = split(to - from);
        return index < k
            ? append(path(hashes, index, from, from + k), root(hashes, from + k, to))
            : append(path(hashes, index - k, from + k, to), root(hashes, from, from + k));
    }

    /// @dev The largest power of two smaller than n.
    function split(uint256 n) internal pure returns (uint256 k) {
        k = 1;
        while (k * 2 < n) k *= 2;
    }

    function append(bytes32[] memory list, bytes32 last) internal pure returns (bytes32[] memory longer) {
        longer = new bytes32[](list.length + 1);
        for (uint256 i = 0; i < list.length; ++i) {
            longer[i] = list[i];
        }
        longer[list.length] = last;
    }
}
