// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title How one amount is divided
/// @notice Pure arithmetic, proved by solc's SMTChecker (contracts/test/forge/Shares.smt.sol): parts conserve the amount,
/// nothing overflows, no part exceeds its bound.
/// @dev Rounding is down for every part; the creator gets what remains, so nobody's wei is lost.
library Shares {
    /// @notice 100 %.
    uint256 internal constant BPS = 10_000;
    /// @notice Ceiling of the fee: the creator keeps at least 98 % (product row G2).
    uint256 internal constant FEE_MAX_BPS = 200;
    /// @notice Ceiling of the part a creator may give to who shared the link.
    uint256 internal constant SHARER_MAX_BPS = 5_000;
    /// @notice Ceiling of a designer's part.
    uint256 internal constant DESIGNER_MAX_BPS = 2_000;

    /// @notice A part of an amount, rounded down.
    /// @param amount Wei, below 2^128.
    /// @param bps At most `BPS`.
    function part(uint256 amount, uint256 bps) internal pure returns (uint256) {
        unchecked {
            return (amount * bps) / BPS; // < 2^128 * 2^14
        }
    }

    /// @notice Parts of designer and sharer, both of what the fee left; what then remains is the creator's.
    /// @param rest Wei, below 2^128.
    /// @param designerBps At most DESIGNER_MAX_BPS.
    /// @param sharerBps At most SHARER_MAX_BPS. Together at most 70 %, so something always remains.
    function others(uint256 rest, uint256 designerBps, uint256 sharerBps)
        internal
        pure
        returns (uint256 designer, uint256 sharer)
    {
        return (part(rest, designerBps), part(rest, sharerBps));
    }

    /// @notice What a linear vesting has set free: nothing before `cliffEnd`, all from `cliffEnd + duration`.
    /// @param total Wei, below 2^128.
    /// @param cliffEnd Unix seconds, below 2^64.
    /// @param duration Seconds, below 2^64.
    /// @param time Unix seconds, below 2^64.
    function vested(uint256 total, uint256 cliffEnd, uint256 duration, uint256 time) internal pure returns (uint256) {
        if (time < cliffEnd) return 0;
        uint256 passed = elapsed(cliffEnd, duration, time);
        return passed == duration ? total : (total * passed) / duration;
    }

    /// @notice How much of the linear part is over: 0 in the cliff, never falls, ends at `duration`.
    function elapsed(uint256 cliffEnd, uint256 duration, uint256 time) internal pure returns (uint256) {
        if (time < cliffEnd) return 0;
        return time - cliffEnd < duration ? time - cliffEnd : duration;
    }

    /// @notice Collateral after a deposit: a fifth of everything the payer then has in the bank, and never less than
    /// before. (A fifth of each deposit alone would lock more and more of a regular payer's money.)
    /// @param whole Balance and collateral together after the deposit, wei below 2^128.
    /// @param before Collateral before it, at most `whole`.
    function collateral(uint256 whole, uint256 before) internal pure returns (uint256) {
        unchecked {
            uint256 fifth = (whole + 4) / 5;
            return fifth > before ? fifth : before;
        }
    }

    /// @notice Pays as much of a debt as the balance allows.
    function covered(uint256 debt, uint256 balance) internal pure returns (uint256) {
        return debt < balance ? debt : balance;
    }
}
