// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {GuardianPause} from "./GuardianPause.sol";
import {PaidInWE} from "./PaidInWE.sol";
import {Shares} from "./Shares.sol";

/// @title Deposits and tabs: how gifts are paid
/// @notice [Note: Tabs] A viewer deposits once. Every gift re-signs ONE growing total per line (payer, creator, sharer,
/// sharerBps); the creator settles the newest signature of many payers in one transaction whenever that pays. Totals are
/// cumulative, so a replayed, doubled or older tab is a no-op, and a lost one is covered by the next. `count` and `chain`
/// tie every single gift to the signed total: chain_0 = 0, chain_k = keccak256(abi.encode(bytes32 chain_{k-1}, uint32
/// giftId, uint32 qty, bytes32 contentId, uint64 time)). They stay in the call data; the log carries what was paid.
///
/// One deposit can be promised to several creators. A fifth of what a payer has here is therefore collateral: a creator
/// who finds a tab not covered gets half of min(collateral, shortfall), the other half is burnt. Every promised wei can
/// cost collateral once per line; the debt itself stays, and a later deposit pays it.
///
/// Leaving takes 24 hours, in which creators settle. Settling, exits and withdrawals cannot be paused. The contract has
/// no way to move money other than to the payer, creator and sharer that a payer signed for, the fee, and burning.
contract TipBank is GuardianPause, PaidInWE, EIP712 {
    using SafeERC20 for IERC20;

    /// @notice Time between `startExit` and `finishExit`, seconds.
    uint256 public constant EXIT_DELAY = 24 hours;
    /// @notice Bytes of a record in `settle`: payer 20 | total 12 | count 4 | chain 32 | r 32 | vs 32 (EIP-2098).
    uint256 public constant RECORD_BYTES = 132;
    /// @notice Hash of the signed type.
    bytes32 public constant TAB_TYPEHASH = keccak256(
        "Tab(address payer,address creator,address sharer,uint16 sharerBps,uint96 total,uint32 count,bytes32 chain)"
    );

    /// @dev Half of the order of secp256k1: a higher s is the mirrored signature (EIP-2).
    uint256 private constant S_MAX = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;
    uint256 private constant MASK_96 = 0xFFFFFFFFFFFFFFFFFFFFFFFF;

    /// @notice Fee of settled gifts, at most 200.
    uint256 public immutable feeBps;
    /// @notice Receiver of the fees, like anybody by `withdraw`.
    address public immutable feeReceiver;

    /// @dev What the records of one `settle` have in common and add up to.
    struct Batch {
        address creator;
        address sharer;
        uint256 amount;
        uint256 compensation;
        uint256 burnt;
        uint256 form; // see _tabForm
    }

    /// @dev One slot per payer: balance in bits 0..95, collateral in 96..191, time of the earliest exit (Unix seconds, 0
    /// when none is pending) in 192..255.
    mapping(address payer => uint256) private _accounts;
    /// @dev One slot per line and payer: paid total in bits 0..95; the total up to which shortfalls have already cost
    /// collateral in 96..191. Key: keccak256(abi.encode(creator, sharer, sharerBps)).
    mapping(bytes32 line => mapping(address payer => uint256)) private _lines;
    /// @notice Earned and not withdrawn yet, wei.
    mapping(address account => uint256) public owed;

    /// @notice `amount` came in; `balance` and `collateral` are the payer's after it.
    event Deposited(address indexed payer, uint256 amount, uint256 balance, uint256 collateral);
    /// @notice The payer leaves at `exitAt` (Unix seconds): settle, and take no more gifts from them.
    event ExitStarted(address indexed payer, uint256 exitAt);
    /// @notice The payer stays.
    event ExitCancelled(address indexed payer);
    /// @notice The payer took everything out.
    event ExitFinished(address indexed payer, uint256 amount);
    /// @notice Tabs were paid: `amount` in all, of which `fee` and `sharerPart`; the rest is the creator's. Each entry of
    /// `lines` is payer << 96 | wei paid by them; totals, counts and chains are in the transaction's records.
    event Settled(
        address indexed creator,
        address indexed sharer,
        uint16 sharerBps,
        uint256 amount,
        uint256 fee,
        uint256 sharerPart,
        bytes32[] lines
    );
    /// @notice A tab was not covered: `missing` of it is unpaid and `slashed` of the payer's collateral was taken, half
    /// for the creator and half burnt.
    event Short(
        address indexed payer, address indexed creator, address sharer, uint256 total, uint256 missing, uint256 slashed
    );
    /// @notice `account` took `amount` out.
    event Withdrawn(address indexed account, uint256 amount);

    /// @notice The records are none, or not a multiple of `RECORD_BYTES`.
    error BadLength();
    /// @notice Record number `index` is not signed by its payer.
    error BadSignature(uint256 index);
    /// @notice The payer is leaving: cancel the exit first.
    error ExitPending();
    /// @notice No exit is pending, or its time has not come.
    error NoExit();
    /// @notice Nothing to take out.
    error Nothing();

    /// @param token_ The WE token; must be able to burn.
    /// @param guardian May pause new deposits.
    /// @param feeReceiver_ Receiver of the fees.
    /// @param feeBps_ At most 200.
    constructor(IERC20 token_, address guardian, address feeReceiver_, uint256 feeBps_)
        PaidInWE(token_)
        GuardianPause(guardian)
        EIP712("WE TipBank", "1")
    {
        if (feeReceiver_ == address(0) || feeBps_ > Shares.FEE_MAX_BPS) revert OutOfRange();
        feeReceiver = feeReceiver_;
        feeBps = feeBps_;
    }

    // ------------------------------------------------------------------------------------------------ money in

    /// @notice Adds to the caller's deposit, from an approval.
    function deposit(uint256 amount) public {
        _deposit(msg.sender, amount);
        token.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @notice The same with a permit (ERC-2612) of exactly `amount`; a permit somebody used before us is no error.
    function depositWithPermit(uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        _tryPermit(amount, deadline, v, r, s);
        deposit(amount);
    }

    /// @dev A payment without data is a deposit of who paid.
    function _paid(address from, uint256 value, bytes calldata data) internal override {
        if (data.length != 0) revert OutOfRange();
        _deposit(from, value);
    }

    function _deposit(address payer, uint256 amount) private whenOpen {
        if (amount == 0 || amount > MASK_96) revert OutOfRange();
        (uint256 balance, uint256 held, uint256 exitAt) = accountOf(payer);
        if (exitAt != 0) revert ExitPending();
        // The supply is below 2^91, so the sum fits its 96 bits.
        uint256 whole = balance + held + amount;
        uint256 collateral = Shares.collateral(whole, held);
        balance = whole - collateral;
        _accounts[payer] = balance | (collateral << 96);
        emit Deposited(payer, amount, balance, collateral);
    }

    // ---------------------------------------------------------------------------------------------- settlement

    /// @notice Pays the tabs of one creator and sharer. Anybody may submit them: the money goes where the payers signed.
    /// A tab that is not newer than what was paid is skipped; a tab above the payer's balance is paid in part. A record
    /// with a wrong signature reverts the batch.
    /// @param creator Whom the payers gave to.
    /// @param sharer Who shared the link, or zero (then `sharerBps` must be 0).
    /// @param sharerBps The sharer's part as signed, at most 5,000.
    /// @param records Packed records of `RECORD_BYTES` each.
    /// @return amount Wei paid by all records together.
    function settle(address creator, address sharer, uint16 sharerBps, bytes calldata records)
        external
        returns (uint256 amount)
    {
        if (sharerBps > Shares.SHARER_MAX_BPS || (sharer == address(0) && sharerBps != 0)) revert OutOfRange();
        uint256 count = records.length / RECORD_BYTES;
        if (count == 0 || count * RECORD_BYTES != records.length) revert BadLength();

        mapping(address => uint256) storage line = _lines[_lineOf(creator, sharer, sharerBps)];
        Batch memory batch = Batch(creator, sharer, 0, 0, 0, _tabForm(creator, sharer, sharerBps));
        bytes32[] memory lines = new bytes32[](count);
        uint256 paidLines;
        for (uint256 i = 0; i < count; ++i) {
            uint256 place;
            assembly ("memory-safe") {
                place := add(records.offset, mul(i, RECORD_BYTES))
            }
            uint256 paid = _settleOne(batch, line, place, i);
            if (paid != 0) lines[paidLines++] = bytes32(paid);
        }
        assembly ("memory-safe") {
            mstore(lines, paidLines)
        }

        amount = batch.amount;
        _credit(batch, sharerBps, lines);
        if (batch.burnt != 0) ERC20Burnable(address(token)).burn(batch.burnt);
    }

    /// @dev Pays the record at `place` in the call data. Returns payer << 96 | wei paid; 0 when nothing was.
    function _settleOne(Batch memory batch, mapping(address => uint256) storage line, uint256 place, uint256 index)
        private
        returns (uint256 entry)
    {
        unchecked {
            uint256 head;
            assembly ("memory-safe") {
                head := calldataload(place)
            }
            address payer = address(uint160(head >> 96));
            uint256 state = line[payer];
            uint256 debt = head & MASK_96;
            if (debt <= state & MASK_96) return 0; // stale
            debt -= state & MASK_96;
            if (!_isSigned(batch.form, place)) revert BadSignature(index);

            // No lower part can under- or overflow into its neighbour: pay <= balance, and paid <= total.
            uint256 account = _accounts[payer];
            uint256 pay = Shares.covered(debt, account & MASK_96);
            if (pay == debt) {
                _accounts[payer] = account - pay;
                line[payer] = state + pay;
            } else {
                _short(batch, line, head, account - pay, state + pay);
                if (pay == 0) return 0;
            }
            batch.amount += pay;
            return (head & ~MASK_96) | pay;
        }
    }

    /// @dev Books what a batch paid: one write each for creator, sharer and fee.
    function _credit(Batch memory batch, uint16 sharerBps, bytes32[] memory lines) private {
        uint256 amount = batch.amount;
        uint256 fee = Shares.part(amount, feeBps);
        uint256 sharerPart;
        unchecked {
            // No part exceeds what it is of, and all together is below the supply.
            sharerPart = Shares.part(amount - fee, sharerBps);
            uint256 creatorPart = amount - fee - sharerPart + batch.compensation;
            if (creatorPart != 0) owed[batch.creator] += creatorPart;
            if (sharerPart != 0) owed[batch.sharer] += sharerPart;
            if (fee != 0) owed[feeReceiver] += fee;
        }
        if (amount != 0) emit Settled(batch.creator, batch.sharer, sharerBps, amount, fee, sharerPart, lines);
    }

    /// @dev The balance did not cover a tab. Writes both slots; takes collateral for what has not cost any yet.
    /// @param head First word of the record: payer and total.
    /// @param account The payer's slot after the payment.
    /// @param state The line's slot after the payment.
    function _short(
        Batch memory batch,
        mapping(address => uint256) storage line,
        uint256 head,
        uint256 account,
        uint256 state
    ) private {
        unchecked {
            address payer = address(uint160(head >> 96));
            uint256 total = head & MASK_96;
            uint256 paid = state & MASK_96;
            uint256 punished = state >> 96;
            if (total > punished) {
                uint256 fault = total - (paid > punished ? paid : punished);
                uint256 slashed = Shares.covered(fault, (account >> 96) & MASK_96);
                account -= slashed << 96;
                state = paid | (total << 96);
                batch.compensation += slashed / 2;
                batch.burnt += slashed - slashed / 2;
                emit Short(payer, batch.creator, batch.sharer, total, total - paid, slashed);
            }
            _accounts[payer] = account;
            line[payer] = state;
        }
    }

    /// @dev Lays out once per batch what is hashed for every record, so that the loop only fills in four words:
    /// 0x000 struct (type, payer, creator, sharer, sharerBps, total, count, chain) | 0x100 1901 domain struct-hash (66
    /// bytes) | 0x160 input of ecrecover (hash, v, r, s). Returns its place in memory.
    function _tabForm(address creator, address sharer, uint16 sharerBps) private view returns (uint256 form) {
        bytes32 typeHash = TAB_TYPEHASH;
        bytes32 domain = _domainSeparatorV4();
        assembly ("memory-safe") {
            form := mload(0x40)
            mstore(0x40, add(form, 0x1e0))
            mstore(form, typeHash)
            mstore(add(form, 0x40), creator)
            mstore(add(form, 0x60), sharer)
            mstore(add(form, 0x80), sharerBps)
            mstore(add(form, 0x100), shl(240, 0x1901))
            mstore(add(form, 0x102), domain)
        }
    }

    /// @dev Whether the record at `place` carries its payer's signature: EIP-712 digest, EIP-2098 form, low s only (the
    /// mirrored one would be harmless, as totals are cumulative), signer not zero.
    function _isSigned(uint256 form, uint256 place) private view returns (bool ok) {
        assembly ("memory-safe") {
            let head := calldataload(place)
            let payer := shr(96, head)
            mstore(add(form, 0x20), payer)
            mstore(add(form, 0xa0), and(head, MASK_96))
            mstore(add(form, 0xc0), shr(224, calldataload(add(place, 32))))
            mstore(add(form, 0xe0), calldataload(add(place, 36)))
            mstore(add(form, 0x122), keccak256(form, 0x100))
            let vs := calldataload(add(place, 100))
            let s := shr(1, shl(1, vs))
            mstore(add(form, 0x160), keccak256(add(form, 0x100), 0x42))
            mstore(add(form, 0x180), add(shr(255, vs), 27))
            mstore(add(form, 0x1a0), calldataload(add(place, 68)))
            mstore(add(form, 0x1c0), s)
            mstore(0, 0) // ecrecover returns nothing for a wrong signature
            pop(staticcall(gas(), 1, add(form, 0x160), 0x80, 0, 0x20))
            ok := and(and(eq(mload(0), payer), iszero(iszero(payer))), iszero(gt(s, S_MAX)))
        }
    }

    function _lineOf(address creator, address sharer, uint16 sharerBps) private pure returns (bytes32) {
        return keccak256(abi.encode(creator, sharer, sharerBps));
    }

    // ----------------------------------------------------------------------------------------------- money out

    /// @notice The caller wants everything out; possible after `EXIT_DELAY`.
    function startExit() external {
        (uint256 balance, uint256 collateral, uint256 exitAt) = accountOf(msg.sender);
        if (exitAt != 0) revert ExitPending();
        if (balance + collateral == 0) revert Nothing();
        exitAt = block.timestamp + EXIT_DELAY;
        _accounts[msg.sender] |= exitAt << 192;
        emit ExitStarted(msg.sender, exitAt);
    }

    /// @notice The caller stays after all.
    function cancelExit() external {
        (uint256 balance, uint256 collateral, uint256 exitAt) = accountOf(msg.sender);
        if (exitAt == 0) revert NoExit();
        _accounts[msg.sender] = balance | (collateral << 96);
        emit ExitCancelled(msg.sender);
    }

    /// @notice Pays balance and collateral out to the caller after the delay.
    function finishExit() external returns (uint256 amount) {
        (uint256 balance, uint256 collateral, uint256 exitAt) = accountOf(msg.sender);
        if (exitAt == 0 || block.timestamp < exitAt) revert NoExit();
        delete _accounts[msg.sender];
        amount = balance + collateral;
        emit ExitFinished(msg.sender, amount);
        if (amount != 0) token.safeTransfer(msg.sender, amount);
    }

    /// @notice Pays the caller what they earned.
    function withdraw() external returns (uint256) {
        return withdrawFor(msg.sender);
    }

    /// @notice Pays `account` what it earned; anybody may call it (for contracts such as the fee's receiver).
    function withdrawFor(address account) public returns (uint256 amount) {
        amount = owed[account];
        if (amount == 0) revert Nothing();
        owed[account] = 0;
        emit Withdrawn(account, amount);
        token.safeTransfer(account, amount);
    }

    // --------------------------------------------------------------------------------------------------- views

    /// @notice A payer's account.
    /// @return balance Wei that tabs can be paid from.
    /// @return collateral Wei held against overspending.
    /// @return exitAt Unix seconds from which `finishExit` works; 0 when no exit is pending.
    function accountOf(address payer) public view returns (uint256 balance, uint256 collateral, uint256 exitAt) {
        uint256 account = _accounts[payer];
        return (account & MASK_96, (account >> 96) & MASK_96, account >> 192);
    }

    /// @notice What was paid on a line so far: the part of the signed total that is settled, wei.
    function paidOf(address payer, address creator, address sharer, uint16 sharerBps) external view returns (uint256) {
        return _lines[_lineOf(creator, sharer, sharerBps)][payer] & MASK_96;
    }

    /// @notice The total up to which shortfalls of a line have cost collateral, wei.
    function punishedOf(address payer, address creator, address sharer, uint16 sharerBps)
        external
        view
        returns (uint256)
    {
        return _lines[_lineOf(creator, sharer, sharerBps)][payer] >> 96;
    }
}
