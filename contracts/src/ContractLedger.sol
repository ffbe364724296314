// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A public place for the checkpoints of transparency logs, and for single contract events.
/// @notice Nobody owns this contract, nothing in it can be rewritten, and it cannot be upgraded. What a sender
/// stores stands under that sender's name, so nobody can write, or squat, in another's place.
contract ContractLedger {
    // --- single events ------------------------------------------------------------------------------------

    struct Event {
        string eventType;
        string data;
        uint256 timestamp;
    }

    mapping(address recorder => mapping(string contractId => Event[])) private contractEvents;
    mapping(address recorder => mapping(string contractId => string)) private contractStates;

    event ContractEvent(string contractId, string eventType, string data, uint256 timestamp);

    error LedgerNoSuchEvent(address recorder, string contractId, uint256 index);

    /// @notice Record one event of a contract under the sender; its type becomes the contract's state there.
    /// @dev Open to all. It proves that `data` existed at this block, and nothing else.
    function recordEvent(string memory contractId, string memory eventType, string memory data) public {
        Event memory newEvent = Event(eventType, data, block.timestamp);

        contractEvents[msg.sender][contractId].push(newEvent);
        contractStates[msg.sender][contractId] = eventType;
        emit ContractEvent(contractId, eventType, data, block.timestamp);
    }

    /// @notice How many events of a contract a recorder has stored.
    function eventCount(address recorder, string calldata contractId) external view returns (uint256) {
        return contractEvents[recorder][contractId].length;
    }

    /// @notice One stored event, from 0.
    function eventAt(address recorder, string calldata contractId, uint256 index)
        external
        view
        returns (string memory eventType, string memory data, uint256 timestamp)
    {
        Event[] storage events = contractEvents[recorder][contractId];
        require(index < events.length, LedgerNoSuchEvent(recorder, contractId, index));
        Event storage found = events[index];
        return (found.eventType, found.data, found.timestamp);
    }

    /// @notice The type of the last event that a recorder has stored; empty if there is none.
    function stateOf(address recorder, string calldata contractId) external view returns (string memory) {
        return contractStates[recorder][contractId];
    }

    // --- logs ---------------------------------------------------------------------------------------------

    /// @dev One slot. `term` counts owners, so that a new owner does not inherit recorders unseen.
    struct Log {
        address owner;
        uint64 size;
        uint32 term;
    }

    struct Root {
        bytes32 root;
        uint64 blockNumber;
        uint64 time;
    }

    mapping(bytes32 logId => Log) private _logs;
    mapping(bytes32 logId => address) private _heirs;
    mapping(bytes32 logId => mapping(uint32 term => mapping(address who => bool))) private _recorders;
    mapping(bytes32 logId => mapping(uint64 size => Root)) private _roots;

    event LogOpened(bytes32 indexed logId, address indexed owner, bytes32 indexed key);
    event LogOffered(bytes32 indexed logId, address indexed from, address indexed to);
    event LogAccepted(bytes32 indexed logId, address indexed owner);
    event RecorderSet(bytes32 indexed logId, address indexed who, bool on);
    event Anchored(bytes32 indexed logId, uint64 indexed size, bytes32 root);

    error LedgerLogExists(bytes32 logId);
    error LedgerNotOwner(bytes32 logId, address sender);
    error LedgerNotHeir(bytes32 logId, address sender);
    error LedgerNotRecorder(bytes32 logId, address sender);
    error LedgerStaleHead(bytes32 logId, uint64 expected, uint64 actual);
    error LedgerNotGrowing(bytes32 logId, uint64 head, uint64 size);
    error LedgerEmptyRoot(bytes32 logId, uint64 size);

    modifier onlyOwner(bytes32 logId) {
        require(_logs[logId].owner == msg.sender, LedgerNotOwner(logId, msg.sender));
        _;
    }

    /// @notice Open a log. Its id binds chain, contract, opener and key, so nobody can open it for another.
    /// @param key SHA-256(origin || 0x0A || 0x01 || Ed25519 public key) of the log's verifier key.
    function openLog(bytes32 key) external returns (bytes32 logId) {
        logId = keccak256(abi.encode(block.chainid, this, msg.sender, key));
        require(_logs[logId].owner == address(0), LedgerLogExists(logId));
        _logs[logId].owner = msg.sender;
        emit LogOpened(logId, msg.sender, key);
    }

    /// @notice Offer a log to another owner, who takes it with `acceptLog`; the zero address takes it back.
    function transferLog(bytes32 logId, address to) external onlyOwner(logId) {
        _heirs[logId] = to;
        emit LogOffered(logId, msg.sender, to);
    }

    /// @notice Take an offered log over. The recorders of the owner before end with it.
    function acceptLog(bytes32 logId) external {
        require(_heirs[logId] == msg.sender, LedgerNotHeir(logId, msg.sender));
        delete _heirs[logId];
        _logs[logId].owner = msg.sender;
        _logs[logId].term += 1;
        emit LogAccepted(logId, msg.sender);
    }

    /// @notice Let another account anchor for this log, or stop it.
    function setRecorder(bytes32 logId, address who, bool on) external onlyOwner(logId) {
        _recorders[logId][_logs[logId].term][who] = on;
        emit RecorderSet(logId, who, on);
    }

    /// @notice Anchor the root over the first `size` leaves of a log; owner or recorder.
    /// @param prevSize The head as the sender knows it: a repeated or overtaken anchor reverts.
    function anchor(bytes32 logId, uint64 prevSize, uint64 size, bytes32 root) external {
        Log storage log = _logs[logId];
        require(
            log.owner == msg.sender || _recorders[logId][log.term][msg.sender], LedgerNotRecorder(logId, msg.sender)
        );
        uint64 last = log.size;
        require(prevSize == last, LedgerStaleHead(logId, prevSize, last));
        require(size > last, LedgerNotGrowing(logId, last, size));
        require(root != 0, LedgerEmptyRoot(logId, size));
        log.size = size;
        _roots[logId][size] = Root(root, uint64(block.number), uint64(block.timestamp));
        emit Anchored(logId, size, root);
    }

    /// @notice The root anchored for exactly this size, its block and that block's time; zeros if there is none.
    function anchored(bytes32 logId, uint64 size)
        external
        view
        returns (bytes32 root, uint64 blockNumber, uint64 time)
    {
        Root storage found = _roots[logId][size];
        return (found.root, found.blockNumber, found.time);
    }

    /// @notice Owner, size and root of the newest anchor of a log; zeros for a log that nobody opened.
    function head(bytes32 logId) external view returns (address owner, uint64 size, bytes32 root) {
        Log storage log = _logs[logId];
        return (log.owner, log.size, _roots[logId][log.size].root);
    }

    /// @notice May this account anchor for the log?
    function isRecorder(bytes32 logId, address who) external view returns (bool) {
        Log storage log = _logs[logId];
        return log.owner != address(0) && (log.owner == who || _recorders[logId][log.term][who]);
    }

    /// @notice Is `leaf` the leaf at `index` under the root anchored for `size`? RFC 9162, section 2.1.3.2.
    /// @param leaf The leaf data (slot and digest, 64 bytes), not its hash.
    /// @param path The inclusion path, the leaf's sibling first.
    function verifyInclusion(bytes32 logId, uint64 size, uint64 index, bytes calldata leaf, bytes32[] calldata path)
        external
        view
        returns (bool)
    {
        bytes32 root = _roots[logId][size].root;
        if (root == 0 || index >= size) return false;
        uint64 fn = index;
        uint64 sn = size - 1;
        bytes32 hash = sha256(abi.encodePacked(uint8(0), leaf));
        for (uint256 i = 0; i < path.length; ++i) {
            if (sn == 0) return false;
            if (fn & 1 == 1 || fn == sn) {
                hash = sha256(abi.encodePacked(uint8(1), path[i], hash));
                // On the right edge levels without a sibling are stepped over.
                while (fn & 1 == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                hash = sha256(abi.encodePacked(uint8(1), hash, path[i]));
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && hash == root;
    }
}
