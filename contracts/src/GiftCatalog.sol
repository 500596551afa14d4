// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {PaidInWE} from "./PaidInWE.sol";
import {Shares} from "./Shares.sol";

/// @title What can be given
/// @notice A gift has a number, a price and perhaps a designer with a part of it. It is never repriced: a new price is a
/// new number, so what a viewer saw is what is paid. Standard gifts come from the council (the owner); anybody defines
/// own ones for a small fee. Picture and text are in the event.
contract GiftCatalog is Ownable2Step, PaidInWE {
    using SafeERC20 for IERC20;

    /// @notice Ceiling of a price, wei.
    uint256 public constant PRICE_MAX = 10_000e18;
    /// @notice Ceiling of the fee for a gift of one's own, wei.
    uint256 public constant DEFINE_FEE_MAX = 10e18;
    /// @notice Longest text and longest picture address, bytes.
    uint256 public constant TEXT_MAX = 64;
    uint256 public constant CID_MAX = 96;

    /// @dev One slot: price below 2^80 wei (1.2 M WE), designer (0 for standard gifts), part of the designer; the
    /// highest bit of the last number marks a retired gift.
    struct Gift {
        uint80 price;
        address designer;
        uint16 terms;
    }

    /// @notice What the council lists: price in wei, picture (CID, or empty where apps draw it), text.
    struct Standard {
        uint80 price;
        string mediaCid;
        string text;
    }

    uint16 private constant RETIRED = 1 << 15;

    /// @notice Fee for a gift of one's own, wei.
    uint256 public immutable defineFee;
    /// @notice Receiver of these fees.
    address public immutable feeReceiver;
    /// @notice Number of the newest gift; numbers run from 1.
    uint32 public lastId;
    mapping(uint32 id => Gift) private _gifts;

    /// @notice A gift exists from now on. `designer` is zero for a standard gift.
    event GiftDefined(
        uint32 indexed id, address indexed designer, uint16 designerBps, uint256 price, string mediaCid, string text
    );
    /// @notice A gift cannot be given any more.
    event GiftRetired(uint32 indexed id);

    /// @notice There is no such gift, or it is retired.
    error NoGift(uint32 id);
    /// @notice Only the council (standard gifts) or the designer (own gifts) may do this.
    error NotYours();

    /// @param token_ The WE token.
    /// @param council Owner of the standard gifts.
    /// @param feeReceiver_ Receiver of the fees for gifts of one's own.
    /// @param defineFee_ That fee, wei, at most `DEFINE_FEE_MAX`.
    /// @param standard The first standard gifts, numbered from 1 in this order.
    constructor(
        IERC20 token_,
        address council,
        address feeReceiver_,
        uint256 defineFee_,
        Standard[] memory standard
    ) PaidInWE(token_) Ownable(council) {
        if (feeReceiver_ == address(0) || defineFee_ > DEFINE_FEE_MAX) revert OutOfRange();
        feeReceiver = feeReceiver_;
        defineFee = defineFee_;
        for (uint256 i = 0; i < standard.length; ++i) {
            _define(standard[i].price, standard[i].mediaCid, standard[i].text, address(0), 0);
        }
    }

    /// @notice Defines a gift of one's own; takes `defineFee` from an approval of the caller.
    /// @param price Wei, 1 to `PRICE_MAX`.
    /// @param mediaCid Address of the picture (CID as text), 1 to `CID_MAX` bytes.
    /// @param text At most `TEXT_MAX` bytes.
    /// @param designer Who may retire it and receives the designer's part; not zero.
    /// @param designerBps Of what the fee leaves, at most 2,000 (20 %).
    function defineGift(
        uint80 price,
        string calldata mediaCid,
        string calldata text,
        address designer,
        uint16 designerBps
    ) external returns (uint32 id) {
        id = _defineOwn(price, mediaCid, text, designer, designerBps);
        token.safeTransferFrom(msg.sender, feeReceiver, defineFee);
    }

    /// @notice The council adds a standard gift.
    function defineStandardGift(uint80 price, string calldata mediaCid, string calldata text)
        external
        onlyOwner
        returns (uint32)
    {
        return _define(price, mediaCid, text, address(0), 0);
    }

    /// @notice No more of this gift: by its designer, or for a standard gift by the council.
    function retire(uint32 id) external {
        Gift storage gift = _gifts[id];
        if (gift.price == 0 || gift.terms & RETIRED != 0) revert NoGift(id);
        address designer = gift.designer;
        if (msg.sender != (designer == address(0) ? owner() : designer)) revert NotYours();
        gift.terms |= RETIRED;
        emit GiftRetired(id);
    }

    /// @notice What giving it costs and who designed it; reverts when it cannot be given.
    /// @return price Wei for one.
    /// @return designer Zero for a standard gift.
    /// @return designerBps The designer's part.
    function termsOf(uint32 id) external view returns (uint256 price, address designer, uint256 designerBps) {
        Gift storage gift = _gifts[id];
        uint256 slot;
        assembly ("memory-safe") {
            slot := sload(gift.slot) // one read for the three: every gift of the router comes here
        }
        price = uint80(slot);
        designer = address(uint160(slot >> 80));
        designerBps = slot >> 240;
        if (price == 0 || designerBps >= RETIRED) revert NoGift(id);
    }

    /// @notice The same for any number, retired ones too; price 0 when there is none.
    function giftOf(uint32 id)
        external
        view
        returns (uint256 price, address designer, uint256 designerBps, bool retired)
    {
        Gift storage gift = _gifts[id];
        return (gift.price, gift.designer, gift.terms & ~RETIRED, gift.terms & RETIRED != 0);
    }

    /// @dev `data` = abi.encode(uint80 price, string mediaCid, string text, address designer, uint16 designerBps), with
    /// exactly the fee.
    function _paid(address, uint256 value, bytes calldata data) internal override {
        if (value != defineFee) revert OutOfRange();
        (uint80 price, string memory mediaCid, string memory text, address designer, uint16 designerBps) =
            abi.decode(data, (uint80, string, string, address, uint16));
        _defineOwn(price, mediaCid, text, designer, designerBps);
        token.safeTransfer(feeReceiver, value);
    }

    function _defineOwn(
        uint80 price,
        string memory mediaCid,
        string memory text,
        address designer,
        uint16 designerBps
    ) private returns (uint32) {
        if (designer == address(0) || bytes(mediaCid).length == 0) revert OutOfRange();
        return _define(price, mediaCid, text, designer, designerBps);
    }

    function _define(uint80 price, string memory mediaCid, string memory text, address designer, uint16 designerBps)
        private
        returns (uint32 id)
    {
        if (
            price == 0 || price > PRICE_MAX || designerBps > Shares.DESIGNER_MAX_BPS
                || bytes(mediaCid).length > CID_MAX || bytes(text).length > TEXT_MAX
        ) revert OutOfRange();
        id = ++lastId;
        _gifts[id] = Gift(price, designer, designerBps);
        emit GiftDefined(id, designer, designerBps, price, mediaCid, text);
    }
}
