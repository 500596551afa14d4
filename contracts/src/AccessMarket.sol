// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ContentRegistry} from "./ContentRegistry.sol";
import {GuardianPause} from "./GuardianPause.sol";
import {PaidInWE} from "./PaidInWE.sol";
import {Shares} from "./Shares.sol";

/// @title Paid content and live packets
/// @notice Content: the owner of a registered item sets a price; what a buyer pays is divided by the item's splits.
/// Packets: one packet is one minute on air. They are bought beforehand, given back at the same price while unused, and
/// burnt minute by minute as a live names them; most of their price is for those who seed the live. Everything earned is
/// taken by `withdraw`.
contract AccessMarket is GuardianPause, PaidInWE {
    using SafeERC20 for IERC20;

    /// @notice Time on air that a packet stands for, seconds.
    uint256 public constant PACKET_SECONDS = 60;
    /// @notice Ceiling of the price of a packet, wei.
    uint256 public constant PACKET_PRICE_MAX = 10e18;
    /// @notice Ceiling of an item's price, wei.
    uint256 public constant ITEM_PRICE_MAX = 100_000e18;
    /// @notice Most packets in one transaction.
    uint256 public constant PACKETS_MAX = 100_000;

    /// @notice Items, owners, splits.
    ContentRegistry public immutable registry;
    /// @notice Price of a packet, wei; never changes.
    uint256 public immutable packetPrice;
    /// @notice Part of a burnt packet's price for the seeders.
    uint256 public immutable seederBps;
    /// @notice Receiver of the seeders' part.
    address public immutable seederReceiver;
    /// @notice Fee of sold content, at most 200.
    uint256 public immutable feeBps;
    /// @notice Receiver of fees and of the rest of the packets' price.
    address public immutable feeReceiver;

    /// @notice Price of an item, wei; 0: not for sale.
    mapping(bytes32 itemId => uint256) public priceOf;
    /// @notice Whether somebody bought an item.
    mapping(bytes32 itemId => mapping(address buyer => bool)) public hasBought;
    /// @notice Unused packets.
    mapping(address account => uint256) public packetsOf;
    /// @notice Packets burnt for a live.
    mapping(address creator => mapping(bytes32 packetHash => uint256)) public livePackets;
    /// @notice Earned and not withdrawn yet, wei.
    mapping(address account => uint256) public owed;

    /// @notice The owner set an item's price; 0 takes it off sale.
    event Priced(bytes32 indexed itemId, address indexed owner, uint256 price);
    /// @notice `buyer` may open the item for ever.
    event Bought(bytes32 indexed itemId, address indexed buyer, address indexed owner, uint256 price);
    /// @notice `account` bought `count` packets.
    event PacketsBought(address indexed account, uint256 count, uint256 amount);
    /// @notice `account` gave `count` unused packets back.
    event PacketsRefunded(address indexed account, uint256 count, uint256 amount);
    /// @notice `creator` goes or stays on air: `count` packets were burnt for the live, `total` so far.
    event LiveStarted(address indexed creator, bytes32 indexed packetHash, uint256 count, uint256 total);
    /// @notice `account` took `amount` out.
    event Withdrawn(address indexed account, uint256 amount);

    /// @notice Only the item's owner may do this.
    error NotOwner();
    /// @notice The item is not for sale.
    error NotForSale();
    /// @notice The caller has it already.
    error AlreadyBought();
    /// @notice The price is `price`, not what was offered.
    error WrongAmount(uint256 price);
    /// @notice The caller has only `have` unused packets.
    error TooFewPackets(uint256 have);
    /// @notice Nothing to take out.
    error Nothing();

    /// @param token_ The WE token.
    /// @param guardian May pause purchases.
    /// @param registry_ Items, owners, splits.
    /// @param packetPrice_ Wei, 1 to `PACKET_PRICE_MAX`.
    /// @param seederReceiver_ Receiver of the seeders' part.
    /// @param seederBps_ That part, at most 10,000.
    /// @param feeReceiver_ Receiver of fees.
    /// @param feeBps_ At most 200.
    constructor(
        IERC20 token_,
        address guardian,
        ContentRegistry registry_,
        uint256 packetPrice_,
        address seederReceiver_,
        uint256 seederBps_,
        address feeReceiver_,
        uint256 feeBps_
    ) PaidInWE(token_) GuardianPause(guardian) {
        if (
            address(registry_).code.length == 0 || packetPrice_ == 0 || packetPrice_ > PACKET_PRICE_MAX
                || seederReceiver_ == address(0) || seederBps_ > Shares.BPS || feeReceiver_ == address(0)
                || feeBps_ > Shares.FEE_MAX_BPS
        ) revert OutOfRange();
        registry = registry_;
        packetPrice = packetPrice_;
        seederReceiver = seederReceiver_;
        seederBps = seederBps_;
        feeReceiver = feeReceiver_;
        feeBps = feeBps_;
    }

    /// @notice Sets the price of an item of the caller; 0 takes it off sale.
    function setPrice(bytes32 itemId, uint256 price) external {
        if (registry.itemOf(itemId).owner != msg.sender) revert NotOwner();
        if (price > ITEM_PRICE_MAX) revert OutOfRange();
        priceOf[itemId] = price;
        emit Priced(itemId, msg.sender, price);
    }

    /// @notice Buys an item, from an approval of the caller.
    /// @param price What the caller saw; another price is refused.
    function buy(bytes32 itemId, uint256 price) external {
        _buy(msg.sender, itemId, price);
        token.safeTransferFrom(msg.sender, address(this), price);
    }

    /// @notice Buys packets, from an approval of the caller.
    /// @param count 1 to `PACKETS_MAX`.
    function buyPackets(uint256 count) external {
        uint256 amount = _buyPackets(msg.sender, count);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @notice Gives unused packets back for what they cost.
    function refund(uint256 count) external {
        _burn(count);
        emit PacketsRefunded(msg.sender, count, count * packetPrice);
        token.safeTransfer(msg.sender, count * packetPrice);
    }

    /// @notice Burns packets for a live of the caller; call it again with the same live to stay on air.
    /// @param packetHash Names the live: hash of its manifest.
    /// @param count Packets, 1 or more.
    function startLive(bytes32 packetHash, uint256 count) external {
        _burn(count);
        uint256 total = livePackets[msg.sender][packetHash] += count;
        uint256 amount = count * packetPrice;
        uint256 seeders = Shares.part(amount, seederBps);
        _owe(seederReceiver, seeders);
        _owe(feeReceiver, amount - seeders);
        emit LiveStarted(msg.sender, packetHash, count, total);
    }

    /// @notice Pays the caller what they earned.
    function withdraw() external returns (uint256) {
        return withdrawFor(msg.sender);
    }

    /// @notice Pays `account` what it earned; anybody may call it.
    function withdrawFor(address account) public returns (uint256 amount) {
        amount = owed[account];
        if (amount == 0) revert Nothing();
        owed[account] = 0;
        emit Withdrawn(account, amount);
        token.safeTransfer(account, amount);
    }

    /// @dev `data` empty: packets for a whole multiple of their price. 32 bytes: the item to buy.
    function _paid(address from, uint256 value, bytes calldata data) internal override {
        if (data.length == 0) {
            uint256 amount = _buyPackets(from, value / packetPrice);
            if (amount != value) revert WrongAmount(amount);
        } else {
            _buy(from, abi.decode(data, (bytes32)), value);
        }
    }

    function _buyPackets(address account, uint256 count) private whenOpen returns (uint256 amount) {
        if (count == 0 || count > PACKETS_MAX) revert OutOfRange();
        amount = count * packetPrice;
        packetsOf[account] += count;
        emit PacketsBought(account, count, amount);
    }

    function _buy(address buyer, bytes32 itemId, uint256 offered) private whenOpen {
        uint256 price = priceOf[itemId];
        if (price == 0) revert NotForSale();
        if (offered != price) revert WrongAmount(price);
        if (hasBought[itemId][buyer]) revert AlreadyBought();
        hasBought[itemId][buyer] = true;
        address owner = registry.itemOf(itemId).owner;
        emit Bought(itemId, buyer, owner, price);

        uint256 fee = Shares.part(price, feeBps);
        _owe(feeReceiver, fee);
        uint256 rest = price - fee;
        uint256 left = rest;
        ContentRegistry.Split[] memory splits = registry.splitsOf(itemId);
        for (uint256 i = 0; i < splits.length; ++i) {
            uint256 part = Shares.part(rest, splits[i].bps);
            left -= part;
            _owe(splits[i].account, part);
        }
        _owe(owner, left); // all of it without splits, else what rounding left
    }

    function _burn(uint256 count) private {
        uint256 have = packetsOf[msg.sender];
        if (count == 0) revert OutOfRange();
        if (count > have) revert TooFewPackets(have);
        packetsOf[msg.sender] = have - count;
    }

    function _owe(address account, uint256 amount) private {
        if (amount != 0) owed[account] += amount;
    }
}
