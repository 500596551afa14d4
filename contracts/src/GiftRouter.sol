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

    /// @dev What is given, to whom and where, as encoded in the data of `transferAndCall`.
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
        Order memory order = Order(creator, giftId, qty, contentId, sharer);
        (uint256 amount, address designer, uint256 designerBps) = _price(order);
        token.safeTransferFrom(msg.sender, address(this), amount);
        _pay(msg.sender, order, amount, designer, designerBps);
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
        Order memory order = abi.decode(data, (Order));
        (uint256 amount, address designer, uint256 designerBps) = _price(order);
        if (value != amount) revert WrongAmount(amount);
        _pay(from, order, amount, designer, designerBps);
    }

    function _price(Order memory order)
        private
        view
        returns (uint256 amount, address designer, uint256 designerBps)
    {
        if (order.qty == 0 || order.qty > QTY_MAX) revert OutOfRange();
        (amount, designer, designerBps) = catalog.termsOf(order.giftId);
        unchecked {
            amount *= order.qty; // < 2^80 * 2^14
        }
    }

    function _pay(address payer, Order memory order, uint256 amount, address designer, uint256 designerBps)
        private
        whenOpen
    {
        address creator = order.creator;
        uint256 sharerBps = order.sharer == address(0) ? 0 : sharerBpsOf(creator);
        (, uint256 designerPart, uint256 sharerPart, uint256 creatorPart) =
            Shares.split(amount, feeBps, designerBps, sharerBps);
        emit Gifted(payer, creator, order.contentId, order.giftId, order.qty, amount);
        token.safeTransfer(creator, creatorPart);
        if (designerPart != 0) {
            emit DesignerSplit(creator, designer, designerPart);
            token.safeTransfer(designer, designerPart);
        }
        if (sharerPart != 0) {
            emit SharerSplit(creator, order.sharer, sharerPart);
            token.safeTransfer(order.sharer, sharerPart);
        }
    }
}
