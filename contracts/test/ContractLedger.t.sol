// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ContractLedger} from "../src/ContractLedger.sol";
import {Test} from "./support/Test.sol";

contract ContractLedgerTest is Test {
    ContractLedger private ledger = new ContractLedger();
    address private constant ALICE = address(0xA11CE);
    address private constant BOB = address(0xB0B);
    bytes32 private constant KEY = keccak256("key");

    function open(address who) private returns (bytes32) {
        vm.prank(who);
        return ledger.openLog(KEY);
    }

    // --- single events ------------------------------------------------------------------------------------

    function testFuzz_an_event_is_stored_under_its_sender(
        address who,
        string calldata contractId,
        string calldata eventType,
        string calldata data,
        uint64 time
    ) public {
        vm.assume(who != ALICE);
        vm.warp(time);
        vm.expectEmit(true, true, true, true);
        emit ContractLedger.ContractEvent(contractId, eventType, data, time);
        vm.prank(who);
        ledger.recordEvent(contractId, eventType, data);
        (string memory storedType, string memory storedData, uint256 storedTime) = ledger.eventAt(who, contractId, 0);
        assertEq(storedType, eventType);
        assertEq(storedData, data);
        assertEq(storedTime, time);
        assertEq(ledger.stateOf(who, contractId), eventType);
        assertEq(ledger.eventCount(who, contractId), 1);
        assertEq(ledger.eventCount(ALICE, contractId), 0);
        assertEq(ledger.stateOf(ALICE, contractId), "");
    }

    function testFuzz_an_event_that_is_not_there_cannot_be_read(uint8 count, uint256 index) public {
        count = count % 5;
        for (uint256 i = 0; i < count; ++i) {
            ledger.recordEvent("c", "cms.event", "d");
        }
        vm.assume(index >= count);
        vm.expectRevert(abi.encodeWithSelector(ContractLedger.LedgerNoSuchEvent.selector, address(this), "c", index));
        ledger.eventAt(address(this), "c", index);
    }

    // --- logs ---------------------------------------------------------------------------------------------

    function testFuzz_a_log_id_binds_chain_contract_opener_and_key(uint64 chain, address who, bytes32 key) public {
        vm.assume(who != address(0) && chain != 0);
        vm.chainId(chain);
        bytes32 expected = keccak256(abi.encode(uint256(chain), address(ledger), who, key));
        vm.expectEmit(true, true, true, true);
        emit ContractLedger.LogOpened(expected, who, key);
        vm.prank(who);
        assertEq(ledger.openLog(key), expected);
        (address owner, uint64 size, bytes32 root) = ledger.head(expected);
        assertEq(owner, who);
        assertEq(size, 0);
        assertEq(root, 0);
    }

    function test_a_log_is_opened_once() public {
        bytes32 logId = open(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ContractLedger.LedgerLogExists.selector, logId));
        vm.prank(ALICE);
        ledger.openLog(KEY);
    }

    function test_the_opener_cannot_open_a_log_again_that_was_given_away() public {
        bytes32 logId = open(ALICE);
        vm.prank(ALICE);
        ledger.transferLog(logId, BOB);
        vm.prank(BOB);
        ledger.acceptLog(logId);
        vm.expectRevert(abi.encodeWithSelector(ContractLedger.LedgerLogExists.selector, logId));
        vm.prank(ALICE);
        ledger.openLog(KEY);
    }

    function testFuzz_an_anchor_stands_with_its_block_and_time(uint64 size, bytes32 root, uint64 height, uint64 time)
        public
    {
        vm.assume(size > 0 && root != 0);
        bytes32 logId = open(ALICE);
        vm.roll(height);
        vm.warp(time);
        vm.expectEmit(true, true, true, true);
        emit ContractLedger.Anchored(logId, size, root);
        vm.prank(ALICE);
        ledger.anchor(logId, 0, size, root);
        (bytes32 storedRoot, uint64 storedBlock, uint64 storedTime) = ledger.anchored(logId, size);
        assertEq(storedRoot, root);
        assertEq(storedBlock, height);
        assertEq(storedTime, time);
        (, uint64 headSize, bytes32 headRoot) = ledger.head(logId);
        assertEq(headSize, size);
        assertEq(headRoot, root);
    }

    function testFuzz_a_repeated_or_overtaken_anchor_is_refused(uint64 first, uint64 expected, uint64 size) public {
        vm.assume(first > 0 && expected != first);
        bytes32 logId = open(ALICE);
        vm.startPrank(ALICE);
        ledger.anchor(logId, 0, first, KEY);
        vm.expectRevert(abi.encodeWithSelector(ContractLedger.LedgerStaleHead.selector, logId, expected, first));
        ledger.anchor(logId, expected, size, KEY);
        vm.stopPrank();
    }

    function testFuzz_a_log_only_grows(uint64 first, uint64 size) public {
        vm.assume(first > 0 && size <= first);
        bytes32 logId = open(ALICE);
        vm.startPrank(ALICE);
        ledger.anchor(logId, 0, first, KEY);
        vm.expectRevert(abi.encodeWithSelector(ContractLedger.LedgerNotGrowing.selector, logId, first, size));
        ledger.anchor(logId, first, size, KEY);
        vm.stopPrank();
    }

    function test_an_empty_root_is_refused() public {
        bytes32 logId = open(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ContractLedger.LedgerEmptyRoot.selector, logId, 1));
        vm.prank(ALICE);
        ledger.anchor(logId, 0, 1, 0);
    }

    function testFuzz_a_stranger_cannot_anchor(address who, bytes32 logId) public {
        bytes32 opened = open(ALICE);
        vm.assume(who != ALICE);
        vm.expectRevert(abi.encodeWithSelector(ContractLedger.LedgerNotRecorder.selector, opened, who));
        vm.prank(who);
        ledger.anchor(opened, 0, 1, KEY);
        vm.assume(logId != opened && who != address(0));
        vm.expectRevert(abi.encodeWithSelector(ContractLedger.LedgerNotRecorder.selector, logId, who));
        vm.prank(who);
        ledger.anchor(logId, 0, 1, KEY);
    }

    function testFuzz_only_the_owner_names_recorders_and_heirs(address who) public {
        bytes32 logId = open(ALICE);
        vm.assume(who != ALICE);
        bytes memory reason = abi.encodeWithSelector(ContractLedger.LedgerNotOwner.selector, logId, who);
        vm.expectRevert(reason);
        vm.prank(who);
        ledger.setRecorder(logId, who, true);
        vm.expectRevert(reason);
        vm.prank(who);
        ledger.transferLog(logId, who);
    }

    function test_a_recorder_anchors_until_it_is_taken_away() public {
        bytes32 logId = open(ALICE);
        vm.expectEmit(true, true, true, true);
        emit ContractLedger.RecorderSet(logId, BOB, true);
        vm.prank(ALICE);
        ledger.setRecorder(logId, BOB, true);
        assertTrue(ledger.isRecorder(logId, BOB));
        vm.prank(BOB);
        ledger.anchor(logId, 0, 1, KEY);
        vm.prank(ALICE);
        ledger.setRecorder(logId, BOB, false);
        assertFalse(ledger.isRecorder(logId, BOB));
        vm.expectRevert(abi.encodeWithSelector(ContractLedger.LedgerNotRecorder.selector, logId, BOB));
        vm.prank(BOB);
        ledger.anchor(logId, 1, 2, KEY);
    }

    function test_a_log_changes_hands_only_when_the_heir_accepts_and_recorders_end() public {
        bytes32 logId = open(ALICE);
        vm.startPrank(ALICE);
        ledger.setRecorder(logId, address(this), true);
        ledger.transferLog(logId, BOB);
        vm.stopPrank();
        (address owner,,) = ledger.head(logId);
        assertEq(owner, ALICE);
        vm.prank(BOB);
        ledger.acceptLog(logId);
        (owner,,) = ledger.head(logId);
        assertEq(owner, BOB);
        assertFalse(ledger.isRecorder(logId, ALICE));
        assertFalse(ledger.isRecorder(logId, address(this)));
        vm.expectRevert(abi.encodeWithSelector(ContractLedger.LedgerNotHeir.selector, logId, BOB));
        vm.prank(BOB);
        ledger.acceptLog(logId);
    }

    function testFuzz_an_offer_is_for_one_and_can_be_taken_back(address who) public {
        bytes32 logId = open(ALICE);
        vm.assume(who != BOB && who != address(0));
        vm.prank(ALICE);
        ledger.transferLog(logId, BOB);
        vm.expectRevert(abi.encodeWithSelector(ContractLedger.LedgerNotHeir.selector, logId, who));
        vm.prank(who);
        ledger.acceptLog(logId);
        vm.prank(ALICE);
        ledger.transferLog(logId, address(0));
        vm.expectRevert(abi.encodeWithSelector(ContractLedger.LedgerNotHeir.selector, logId, BOB));
        vm.prank(BOB);
        ledger.acceptLog(logId);
    }
}
