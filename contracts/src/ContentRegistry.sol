// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// @title Who published what, when, and who shares in it
/// @notice An item's number contains its creator: `itemId = keccak256(abi.encode(creator, cid))`. So nobody can occupy
/// somebody else's work by registering its CID first. Large numbers of records are anchored by one Merkle root.
contract ContentRegistry {
    /// @notice Most entries of a split.
    uint256 public constant SPLITS_MAX = 8;
    /// @notice Longest licence text, bytes (an SPDX identifier or a short name).
    uint256 public constant LICENCE_MAX = 64;

    /// @notice One who shares in an item's income.
    struct Split {
        address account;
        uint16 bps;
    }

    /// @notice An item: present owner and time of registration (Unix seconds).
    struct Item {
        address owner;
        uint64 registeredAt;
    }

    mapping(bytes32 itemId => Item) private _items;
    mapping(bytes32 itemId => Split[]) private _splits;
    /// @notice When `account` first anchored `root`, Unix seconds; 0 when never.
    mapping(address account => mapping(bytes32 root => uint256)) public anchoredAt;

    /// @notice `creator` registered the content with digest `cid` (sha2-256 digest of the CID).
    event Registered(
        bytes32 indexed itemId,
        address indexed creator,
        bytes32 indexed cid,
        bytes32 contentRoot,
        string licence,
        Split[] splits
    );
    /// @notice `account` anchored `count` records by the root of their Merkle tree.
    event Anchored(address indexed account, bytes32 indexed root, uint256 count);
    /// @notice An item has a new owner.
    event Transferred(bytes32 indexed itemId, address indexed from, address indexed to);

    /// @notice Registered or anchored before.
    error AlreadyThere();
    /// @notice Only the item's owner may do this.
    error NotOwner();
    /// @notice An argument outside its limits; splits must add up to exactly 10,000 with entries above 0.
    error OutOfRange();

    /// @notice Registers a work of the caller.
    /// @param cid sha2-256 digest of its CID; not zero.
    /// @param contentRoot Root over its segments (or 0).
    /// @param licence At most `LICENCE_MAX` bytes.
    /// @param splits None: all income is the owner's. Else at most 8, adding up to 10,000.
    function register(bytes32 cid, bytes32 contentRoot, string calldata licence, Split[] calldata splits)
        external
        returns (bytes32 itemId)
    {
        if (cid == 0 || bytes(licence).length > LICENCE_MAX || splits.length > SPLITS_MAX) revert OutOfRange();
        itemId = itemIdOf(msg.sender, cid);
        if (_items[itemId].owner != address(0)) revert AlreadyThere();
        _items[itemId] = Item(msg.sender, uint64(block.timestamp));
        uint256 sum;
        for (uint256 i = 0; i < splits.length; ++i) {
            if (splits[i].account == address(0) || splits[i].bps == 0) revert OutOfRange();
            sum += splits[i].bps;
            _splits[itemId].push(splits[i]);
        }
        if (splits.length != 0 && sum != 10_000) revert OutOfRange();
        emit Registered(itemId, msg.sender, cid, contentRoot, licence, splits);
    }

    /// @notice Hands an item on; the old owner's entries in the splits become the new owner's.
    function transfer(bytes32 itemId, address to) external {
        if (_items[itemId].owner != msg.sender) revert NotOwner();
        if (to == address(0) || to == msg.sender) revert OutOfRange();
        _items[itemId].owner = to;
        Split[] storage splits = _splits[itemId];
        for (uint256 i = 0; i < splits.length; ++i) {
            if (splits[i].account == msg.sender) splits[i].account = to;
        }
        emit Transferred(itemId, msg.sender, to);
    }

    /// @notice Anchors many records at once.
    /// @param root Root of OpenZeppelin's sorted-pair tree over double-hashed leaves.
    /// @param count How many leaves; for people, not checked.
    function anchor(bytes32 root, uint256 count) external {
        if (root == 0) revert OutOfRange();
        if (anchoredAt[msg.sender][root] != 0) revert AlreadyThere();
        anchoredAt[msg.sender][root] = block.timestamp;
        emit Anchored(msg.sender, root, count);
    }

    /// @notice When `account` anchored a record, Unix seconds; 0 when the proof does not lead to an anchored root.
    /// @param recordId sha2-256 digest of the record's CID; its leaf is keccak256(keccak256(recordId)).
    function recordAnchoredAt(address account, bytes32 recordId, bytes32[] calldata proof)
        external
        view
        returns (uint256)
    {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(recordId))));
        return anchoredAt[account][MerkleProof.processProofCalldata(proof, leaf)];
    }

    /// @notice Number of a creator's work.
    function itemIdOf(address creator, bytes32 cid) public pure returns (bytes32) {
        return keccak256(abi.encode(creator, cid));
    }

    /// @notice Owner and time of an item; zeros when there is none.
    function itemOf(bytes32 itemId) external view returns (Item memory) {
        return _items[itemId];
    }

    /// @notice Who shares in an item's income; empty: all is the owner's.
    function splitsOf(bytes32 itemId) external view returns (Split[] memory) {
        return _splits[itemId];
    }
}
