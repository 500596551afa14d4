// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Shares} from "../../src/Shares.sol";
import {Base} from "./Base.sol";

contract SharesTest is Base {
    function testFuzz_partsConserve(uint128 amount, uint16 feeBps, uint16 designerBps, uint16 sharerBps) external pure {
        uint256 fee = Shares.part(amount, bound(feeBps, 0, 200));
        vm.assertLe(fee, uint256(amount) * 200 / 10_000, "fee");
        uint256 rest = amount - fee;
        (uint256 designer, uint256 sharer) =
            Shares.others(rest, bound(designerBps, 0, 2_000), bound(sharerBps, 0, 5_000));
        vm.assertLe(designer, rest * 2_000 / 10_000, "designer");
        vm.assertLe(sharer, rest * 5_000 / 10_000, "sharer");
        vm.assertLe(designer + sharer, rest, "something remains");
        vm.assertLe(uint256(amount) * 98 / 100, rest, "98 % less what the creator gave away");
    }

    function testFuzz_vestingIsMonotone(uint128 total, uint64 end, uint64 duration, uint64 a, uint64 b) external pure {
        if (a > b) (a, b) = (b, a);
        uint256 early = Shares.vested(total, end, duration, a);
        uint256 late = Shares.vested(total, end, duration, b);
        vm.assertLe(early, late, "never falls");
        vm.assertLe(late, total, "never more than all");
        if (a < end) vm.assertEq(early, 0, "nothing in the cliff");
        if (uint256(b) >= uint256(end) + duration) vm.assertEq(late, total, "all in the end");
    }

    function testFuzz_elapsed(uint64 end, uint64 duration, uint64 a, uint64 b) external pure {
        if (a > b) (a, b) = (b, a);
        uint256 early = Shares.elapsed(end, duration, a);
        uint256 late = Shares.elapsed(end, duration, b);
        vm.assertLe(early, late, "never falls");
        vm.assertLe(late, duration, "ends");
        if (a < end) vm.assertEq(early, 0, "nothing in the cliff");
    }

    function testFuzz_collateral(uint128 whole, uint128 before) external pure {
        vm.assume(before <= whole);
        uint256 held = Shares.collateral(whole, before);
        vm.assertLe(before, held, "never lowered");
        vm.assertLe(held, whole, "never above the whole");
        vm.assertLe(whole, held * 5, "a fifth");
        if (before == 0) vm.assertLe(held * 5, uint256(whole) + 4, "no more than a fifth, rounded up");
    }

    function testFuzz_covered(uint256 debt, uint256 balance) external pure {
        uint256 pay = Shares.covered(debt, balance);
        vm.assertTrue(pay == debt || pay == balance, "one of the two");
        vm.assertTrue(pay <= debt && pay <= balance, "the smaller");
    }
}
