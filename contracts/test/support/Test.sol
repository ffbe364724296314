// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev The few of forge's cheat codes that the tests use.
interface Vm {
    function prank(address sender) external;
    function startPrank(address sender) external;
    function stopPrank() external;
    function assume(bool condition) external pure;
    function expectRevert(bytes calldata reason) external;
    function expectEmit(bool topic1, bool topic2, bool topic3, bool data) external;
    function roll(uint256 height) external;
    function warp(uint256 timestamp) external;
    function chainId(uint256 id) external;
}

abstract contract Test {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    error Unequal(bytes32 actual, bytes32 expected);

    function assertEq(bytes32 actual, bytes32 expected) internal pure {
        require(actual == expected, Unequal(actual, expected));
    }

    function assertEq(uint256 actual, uint256 expected) internal pure {
        assertEq(bytes32(actual), bytes32(expected));
    }

    function assertEq(address actual, address expected) internal pure {
        assertEq(bytes32(uint256(uint160(actual))), bytes32(uint256(uint160(expected))));
    }

    function assertEq(string memory actual, string memory expected) internal pure {
        assertEq(keccak256(bytes(actual)), keccak256(bytes(expected)));
    }

    function assertTrue(bool actual) internal pure {
        assertEq(actual ? 1 : 0, 1);
    }

    function assertFalse(bool actual) internal pure {
        assertEq(actual ? 1 : 0, 0);
    }
}
