// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Shares} from "../../src/Shares.sol";

/// @dev Statements for solc's SMTChecker (engine CHC): `npm run test:contracts` proves each `assert` for every value, not
/// only for tried ones, and that no checked operation here overflows.
contract SharesProof {
    /// The fee leaves the rest, and of the rest no part exceeds its bound: a fifth for the designer, half for the sharer.
    function gift(uint256 amount, uint256 feeBps, uint256 designerBps, uint256 sharerBps) external pure {
        require(amount < 2 ** 96 && feeBps <= 200 && designerBps <= 2_000 && sharerBps <= 5_000);
        uint256 fee = Shares.part(amount, feeBps);
        assert(fee <= amount);
        (uint256 designer, uint256 sharer) = Shares.others(amount - fee, designerBps, sharerBps);
        assert(designer * 5 <= amount - fee);
        assert(sharer * 2 <= amount - fee);
    }

    /// Parts within those bounds never exceed the rest: the creator gets what remains, and nothing is lost or made.
    function remainder(uint256 rest, uint256 designer, uint256 sharer) external pure {
        require(rest < 2 ** 96 && designer < 2 ** 96 && sharer < 2 ** 96);
        require(designer * 5 <= rest && sharer * 2 <= rest);
        assert(designer + sharer <= rest);
        uint256 creator = rest - designer - sharer;
        assert(creator * 10 >= rest * 3);
        assert(creator + designer + sharer == rest);
    }

    /// The fee never exceeds its ceiling of 2 %.
    function feeCap(uint256 amount, uint256 feeBps) external pure {
        require(amount < 2 ** 96 && feeBps <= 200);
        assert(Shares.part(amount, feeBps) * 50 <= amount);
    }

    /// The share of a vesting that is free never falls, never exceeds the whole, is nothing in the cliff and all in the
    /// end (the wei are total * elapsed / duration: monotone in elapsed).
    function vesting(uint256 cliffEnd, uint256 duration, uint256 early, uint256 late) external pure {
        require(cliffEnd < 2 ** 64 && duration < 2 ** 64 && early <= late && late < 2 ** 64);
        uint256 a = Shares.elapsed(cliffEnd, duration, early);
        uint256 b = Shares.elapsed(cliffEnd, duration, late);
        assert(a <= b && b <= duration);
        assert(early >= cliffEnd || a == 0);
        assert(late < cliffEnd + duration || b == duration);
    }

    /// Collateral is at least a fifth, never above the whole, never lowered by a deposit.
    function collateral(uint256 whole, uint256 before) external pure {
        require(whole < 2 ** 96 && before <= whole);
        uint256 held = Shares.collateral(whole, before);
        assert(held <= whole && held >= before && held * 5 >= whole);
    }

    /// What a debt takes is never above the debt nor above the balance.
    function covered(uint256 debt, uint256 balance) external pure {
        uint256 pay = Shares.covered(debt, balance);
        assert(pay <= debt && pay <= balance && (pay == debt || pay == balance));
    }
}
