// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

/// @title Where the contracts of the product are
/// @notice A new version is a new address. The council (the owner) proposes it; after 7 days in public anybody can put
/// it in force. Nothing moves money by this list: people and apps choose to follow it.
contract Registry is Ownable2Step {
    /// @notice Time between proposal and acceptance, seconds.
    uint256 public constant TIMELOCK = 7 days;
    /// @notice A proposal not accepted this long after its time is void, seconds.
    uint256 public constant GRACE = 14 days;

    /// @notice What is in force under a name.
    /// @param account The contract.
    /// @param since Unix seconds.
    /// @param codeHash Hash of its code when it was listed.
    struct Entry {
        address account;
        uint64 since;
        bytes32 codeHash;
    }

    /// @notice What may come into force under a name, from `readyAt` (Unix seconds) on.
    struct Proposal {
        address account;
        uint64 readyAt;
        bytes32 codeHash;
    }

    mapping(bytes32 name => Entry) private _entries;
    mapping(bytes32 name => Proposal) private _proposals;

    /// @notice `account` is in force under `name`.
    event Listed(bytes32 indexed name, address indexed account, bytes32 codeHash);
    /// @notice `account` may come into force at `readyAt`.
    event Proposed(bytes32 indexed name, address indexed account, bytes32 codeHash, uint256 readyAt);
    /// @notice The council took its proposal back.
    event Cancelled(bytes32 indexed name, address indexed account);

    /// @notice There is no contract at the address, or the name is empty, or listed twice.
    error OutOfRange();
    /// @notice Nothing is proposed, or it is too early or too late.
    error NotReady();
    /// @notice The code at the address is not what was proposed.
    error CodeChanged();

    /// @param council Who may propose.
    /// @param names Names in force from the start: the contract's name as ASCII, padded with zeros.
    /// @param accounts Their contracts.
    constructor(address council, bytes32[] memory names, address[] memory accounts) Ownable(council) {
        if (names.length != accounts.length) revert OutOfRange();
        for (uint256 i = 0; i < names.length; ++i) {
            if (_entries[names[i]].since != 0) revert OutOfRange();
            _list(names[i], accounts[i], _codeHashOf(names[i], accounts[i]));
        }
    }

    /// @notice The council proposes a contract under a name; a proposal still waiting is replaced and its time starts
    /// anew.
    function propose(bytes32 name, address account) external onlyOwner {
        bytes32 codeHash = _codeHashOf(name, account);
        uint256 readyAt = block.timestamp + TIMELOCK;
        _proposals[name] = Proposal(account, uint64(readyAt), codeHash);
        emit Proposed(name, account, codeHash, readyAt);
    }

    /// @notice The council takes a proposal back.
    function cancel(bytes32 name) external onlyOwner {
        address account = _proposals[name].account;
        if (account == address(0)) revert NotReady();
        delete _proposals[name];
        emit Cancelled(name, account);
    }

    /// @notice Puts a proposal in force after its 7 days; anybody may call it.
    function accept(bytes32 name) external {
        Proposal memory proposal = _proposals[name];
        if (
            proposal.account == address(0) || block.timestamp < proposal.readyAt
                || block.timestamp > proposal.readyAt + GRACE
        ) revert NotReady();
        if (proposal.account.codehash != proposal.codeHash) revert CodeChanged();
        delete _proposals[name];
        _list(name, proposal.account, proposal.codeHash);
    }

    /// @notice What is in force under a name; zeros when nothing is.
    function list(bytes32 name) external view returns (Entry memory) {
        return _entries[name];
    }

    /// @notice What waits under a name; zeros when nothing does.
    function proposalOf(bytes32 name) external view returns (Proposal memory) {
        return _proposals[name];
    }

    function _list(bytes32 name, address account, bytes32 codeHash) private {
        _entries[name] = Entry(account, uint64(block.timestamp), codeHash);
        emit Listed(name, account, codeHash);
    }

    function _codeHashOf(bytes32 name, address account) private view returns (bytes32) {
        if (name == 0 || account.code.length == 0) revert OutOfRange();
        return account.codehash;
    }
}
