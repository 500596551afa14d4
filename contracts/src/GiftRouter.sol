// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {GiftCatalog} from "./GiftCatalog.sol";
import {GuardianPause} from "./GuardianPause.sol";
import {PaidInWE} from "./PaidInWE.sol";
import {Shares} from "./Shares.sol";

/// @title Gifts paid at once, each by its own transaction
/// @notice Most gifts go by tabs (TipBank); this is the way without a deposit. Creator, sharer and designer are paid in
/// the same transaction. What stays here are fees, and anybody may send those to their receiver.
contract GiftRouter is GuardianPause, PaidInWE {
    using SafeERC20 for IERC20;

    /// @notice Most of one gift in one transaction.
    uint256 public constant QTY_MAX = 10_000;

    /// @dev No payment has arrived: above any amount there can be.
    uint256 private constant UNPAID = type(uint256).max;

    /// @notice Gifts and prices.
    GiftCatalog public immutable catalog;
    /// @notice Fee of every gift, at most 200.
    uint256 public immutable feeBps;
    /// @notice Receiver of the fees.
    address public immutable feeReceiver;

    /// @dev What a creator gives to sharers: `next` counts from the start of day `fromDay` (Unix days).
    struct SharerTerms {
        uint16 current;
        uint16 next;
        uint32 fromDay;
    }

    /// @dev What is given, to whom and where.
    struct Order {
        address creator;
        uint32 giftId;
        uint32 qty;
        bytes32 contentId;
        address sharer;
    }

    mapping(address creator => SharerTerms) private _sharerTerms;

    /// @notice `payer` gave `creator` `qty` gifts of kind `giftId` for `amount` wei in all, shown on `contentId`
    /// (sha2-256 digest of the CID of the live or video).
    event Gifted(
        address indexed payer,
        address indexed creator,
        bytes32 indexed contentId,
        uint32 giftId,
        uint32 qty,
        uint256 amount
    );
    /// @notice Of a gift to `creator`, `amount` wei went to who shared the link.
    event SharerSplit(address indexed creator, address indexed sharer, uint256 amount);
    /// @notice Of a gift to `creator`, `amount` wei went to the gift's designer.
    event DesignerSplit(address indexed creator, address indexed designer, uint256 amount);
    /// @notice `creator` gives sharers `bps` from the start of day `fromDay`.
    event SharerBpsSet(address indexed creator, uint16 bps, uint256 fromDay);
    /// @notice Fees went to their receiver.
    event FeesSwept(uint256 amount);

    /// @notice The payment is not the price.
    error WrongAmount(uint256 price);

    /// @param token_ The WE token.
    /// @param guardian May pause new gifts.
    /// @param catalog_ Gifts and prices.
    /// @param feeReceiver_ Receiver of the fees.
    /// @param feeBps_ At most 200.
    constructor(IERC20 token_, address guardian, GiftCatalog catalog_, address feeReceiver_, uint256 feeBps_)
        PaidInWE(token_)
        GuardianPause(guardian)
    {
        if (feeReceiver_ == address(0) || feeBps_ > Shares.FEE_MAX_BPS || address(catalog_).code.length == 0) {
            revert OutOfRange();
        }
        catalog = catalog_;
        feeReceiver = feeReceiver_;
        feeBps = feeBps_;
    }

    /// @notice Gives `qty` of a gift, from an approval of the caller.
    /// @param creator Receiver; not zero.
    /// @param giftId Number in the catalogue.
    /// @param qty 1 to `QTY_MAX`.
    /// @param contentId Where it is shown: sha2-256 digest of the CID.
    /// @param sharer Who shared the link, or zero.
    function gift(address creator, uint32 giftId, uint32 qty, bytes32 contentId, address sharer) public {
        _give(msg.sender, UNPAID, Order(creator, giftId, qty, contentId, sharer));
    }

    /// @notice The same with a permit (ERC-2612) of exactly `value`; a permit that somebody used before us is no error.
    function giftWithPermit(
        address creator,
        uint32 giftId,
        uint32 qty,
        bytes32 contentId,
        address sharer,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        _tryPermit(value, deadline, v, r, s);
        gift(creator, giftId, qty, contentId, sharer);
    }

    /// @notice Sets what the caller gives to sharers; counts from the next day (UTC), so that a viewer who saw a value
    /// pays by it.
    /// @param bps Of what the fee leaves, at most 5,000 (50 %).
    function setSharerBps(uint16 bps) external {
        if (bps > Shares.SHARER_MAX_BPS) revert OutOfRange();
        uint256 fromDay = block.timestamp / 1 days + 1;
        _sharerTerms[msg.sender] = SharerTerms(sharerBpsOf(msg.sender), bps, uint32(fromDay));
        emit SharerBpsSet(msg.sender, bps, fromDay);
    }

    /// @notice What `creator` gives to sharers now.
    function sharerBpsOf(address creator) public view returns (uint16) {
        SharerTerms memory terms = _sharerTerms[creator];
        return block.timestamp / 1 days >= terms.fromDay ? terms.next : terms.current;
    }

    /// @notice Sends the fees to their receiver; anybody may call it.
    function sweepFees() external returns (uint256 amount) {
        amount = token.balanceOf(address(this));
        emit FeesSwept(amount);
        token.safeTransfer(feeReceiver, amount);
    }

    /// @dev `data` = abi.encode(address creator, uint32 giftId, uint32 qty, bytes32 contentId, address sharer), with
    /// exactly the price.
    function _paid(address from, uint256 value, bytes calldata data) internal override {
        if (data.length != 160) revert OutOfRange();
        Order memory order;
        assembly ("memory-safe") {
            calldatacopy(order, data.offset, 160) // higher bits of the shorter fields are dropped when they are read
        }
        _give(from, value, order);
    }

    /// @dev The way of every gift, written for gas: parts that are nothing cost nothing.
    /// @param value What has arrived already, or `UNPAID`: then the price is taken from the payer's approval.
    function _give(address payer, uint256 value, Order memory order) private whenOpen {
        uint32 giftId = order.giftId;
        uint32 qty = order.qty;
        if (qty == 0 || qty > QTY_MAX) revert OutOfRange();
        (uint256 amount, address designer, uint256 designerBps) = catalog.termsOf(giftId);
        unchecked {
            amount *= qty; // < 2^80 * 2^14
        }
        if (value == UNPAID) token.safeTransferFrom(payer, address(this), amount);
        else if (value != amount) revert WrongAmount(amount);

        address creator = order.creator;
        emit Gifted(payer, creator, order.contentId, giftId, qty, amount);
        unchecked {
            amount -= Shares.part(amount, feeBps);
            if (designerBps != 0 || order.sharer != address(0)) {
                amount -= _payOthers(amount, creator, order.sharer, designer, designerBps);
            }
        }
        token.safeTransfer(creator, amount);
    }

    /// @dev Pays designer and sharer of what the fee left (`rest`); returns the sum.
    function _payOthers(uint256 rest, address creator, address sharer, address designer, uint256 designerBps)
        private
        returns (uint256)
    {
        (uint256 designerPart, uint256 sharerPart) =
            Shares.others(rest, designerBps, sharer == address(0) ? 0 : sharerBpsOf(creator));
        if (designerPart != 0) {
            emit DesignerSplit(creator, designer, designerPart);
            token.safeTransfer(designer, designerPart);
        }
        if (sharerPart != 0) {
            emit SharerSplit(creator, sharer, sharerPart);
            token.safeTransfer(sharer, sharerPart);
        }
        return designerPart + sharerPart;
    }
}
