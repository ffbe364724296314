// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ContractLedger} from "../src/ContractLedger.sol";
import {Test} from "./support/Test.sol";

/// @dev Calls the ledger in any order, as three accounts, and remembers what was anchored first.
contract Actors is Test {
    ContractLedger public immutable ledger;
    bytes32 public immutable logId;
    uint64[] public sizes;
    mapping(uint64 => bytes32) public roots;

    constructor(ContractLedger ledger_) {
        ledger = ledger_;
        vm.prank(account(0));
        logId = ledger_.openLog("key");
    }

    function account(uint256 who) private pure returns (address) {
        return address(uint160(0x1000 + who % 3));
    }

    function anchor(uint256 who, uint8 step, bool stale, bytes32 root) external {
        (, uint64 size,) = ledger.head(logId);
        vm.prank(account(who));
        ledger.anchor(logId, stale ? size / 2 : size, size + step, root);
        sizes.push(size + step);
        roots[size + step] = root;
    }

    function rewrite(uint256 who, uint256 which, bytes32 root) external {
        vm.prank(account(who));
        ledger.anchor(logId, sizes[which % sizes.length], sizes[which % sizes.length], root);
    }

    function setRecorder(uint256 who, uint256 other, bool on) external {
        vm.prank(account(who));
        ledger.setRecorder(logId, account(other), on);
    }

    function transfer(uint256 who, uint256 to) external {
        vm.prank(account(who));
        ledger.transferLog(logId, account(to));
    }

    function accept(uint256 who) external {
        vm.prank(account(who));
        ledger.acceptLog(logId);
    }

    function count() external view returns (uint256) {
        return sizes.length;
    }
}

contract ContractLedgerInvariantTest is Test {
    Actors private actors;

    function setUp() public {
        actors = new Actors(new ContractLedger());
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actors);
    }

    function invariant_what_was_anchored_is_never_rewritten_and_sizes_only_grow() public view {
        ContractLedger ledger = actors.ledger();
        uint64 last = 0;
        for (uint256 i = 0; i < actors.count(); ++i) {
            uint64 size = actors.sizes(i);
            assertTrue(size > last);
            (bytes32 root,,) = ledger.anchored(actors.logId(), size);
            assertEq(root, actors.roots(size));
            last = size;
        }
        (, uint64 head, bytes32 headRoot) = ledger.head(actors.logId());
        assertEq(head, last);
        assertEq(headRoot, actors.roots(last));
    }

    function invariant_a_log_has_an_owner_who_may_anchor() public view {
        (address owner,,) = actors.ledger().head(actors.logId());
        assertTrue(owner != address(0));
        assertTrue(actors.ledger().isRecorder(actors.logId(), owner));
    }
}
