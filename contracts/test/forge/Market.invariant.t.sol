// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AllocationVesting} from "../../src/AllocationVesting.sol";
import {ContentRegistry} from "../../src/ContentRegistry.sol";
import {Scene} from "./Scene.sol";

/// @dev Direct gifts, sold content, live packets and a vesting, in any order, with books in the plainest way.
contract MarketHandler is Scene {
    uint256 internal constant PEOPLE = 4;
    uint256 internal constant VESTED = 1_000_000e18;

    mapping(uint256 who => uint256) public packets;
    mapping(address account => uint256) public owed;
    mapping(uint256 who => mapping(uint256 item => bool)) public bought;
    mapping(address account => uint256) public spent;
    uint256 public fees;
    uint256 public swept;
    uint256 public given;
    uint256 public received;
    uint256 public released;
    AllocationVesting public vesting;
    bytes32[3] public items;
    uint256 private _time = 1_800_000_000;

    constructor() {
        setUp();
        for (uint256 i = 0; i < PEOPLE; ++i) token.transfer(person(i), 1_000_000e18);
        // This contract has deployed 6 others, the vesting is the 7th (nonces of contracts run from 1).
        address place = address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", address(this), hex"07")))));
        token.transfer(place, VESTED);
        vesting = new AllocationVesting(token, address(0xBE), VESTED, uint64(_time), 30 days, 300 days);
        uint256[3] memory prices = [uint256(1e18), 101, 99];
        for (uint256 i = 0; i < 3; ++i) {
            ContentRegistry.Split[] memory splits = new ContentRegistry.Split[](i == 2 ? 3 : 0);
            if (i == 2) {
                splits[0] = ContentRegistry.Split(person(0), 3_333);
                splits[1] = ContentRegistry.Split(person(1), 3_334);
                splits[2] = ContentRegistry.Split(person(2), 3_333);
            }
            vm.startPrank(person(i));
            items[i] = contents.register(bytes32(i + 1), 0, "", splits);
            market.setPrice(items[i], prices[i]);
            vm.stopPrank();
        }
    }

    function person(uint256 i) public pure returns (address) {
        return address(uint160(0xA0 + i));
    }

    modifier timed(uint256 time) {
        _time += time % 2 hours;
        vm.warp(_time);
        _;
    }

    function giveByCall(uint256 who, uint256 to, uint256 qty, bool shared, uint256 time) external timed(time) {
        (who, to, qty) = (who % PEOPLE, 10 + to % 3, bound(qty, 1, 50));
        uint256 id = 1 + qty % 2;
        uint256 amount = qty * (id == 1 ? 1e18 : 3);
        if (token.balanceOf(person(who)) < amount) return;
        address sharer = shared ? person(20) : address(0);
        vm.prank(person(who));
        token.transferAndCall(address(router), amount, abi.encode(person(to), id, qty, bytes32(qty), sharer));
        fees += amount / 100;
        given += amount;
    }

    function giveByApproval(uint256 who, uint256 to, uint256 qty, uint256 time) external timed(time) {
        (who, to, qty) = (who % PEOPLE, 10 + to % 3, bound(qty, 1, 50));
        if (token.balanceOf(person(who)) < qty * 3) return;
        vm.startPrank(person(who));
        token.approve(address(router), qty * 3);
        router.gift(person(to), 2, uint32(qty), 0, person(20));
        vm.stopPrank();
        fees += qty * 3 / 100;
        given += qty * 3;
    }

    function setSharerBps(uint256 to, uint256 bps, uint256 time) external timed(time) {
        vm.prank(person(10 + to % 3));
        router.setSharerBps(uint16(bps % 5_001));
    }

    function sweep(uint256 time) external timed(time) {
        swept += router.sweepFees();
    }

    function buy(uint256 who, uint256 item, uint256 time) external timed(time) {
        (who, item) = (who % PEOPLE, item % 3);
        uint256 price = market.priceOf(items[item]);
        bool again = bought[who][item];
        if (token.balanceOf(person(who)) < price) return;
        vm.startPrank(person(who));
        token.approve(address(market), price);
        if (again) {
            try market.buy(items[item], price) {
                vm.assertTrue(false, "sold twice");
            } catch {}
            vm.stopPrank();
            return;
        }
        market.buy(items[item], price);
        vm.stopPrank();
        bought[who][item] = true;
        uint256 fee = price / 100;
        owed[FEES] += fee;
        uint256 rest = price - fee;
        if (item == 2) {
            owed[person(0)] += rest * 3_333 / 10_000;
            owed[person(1)] += rest * 3_334 / 10_000;
            owed[person(2)] += rest - rest * 3_333 / 10_000 - rest * 3_334 / 10_000;
        } else {
            owed[person(item)] += rest;
        }
    }

    function buyPackets(uint256 who, uint256 count, uint256 time) external timed(time) {
        (who, count) = (who % PEOPLE, bound(count, 1, 1_000));
        if (token.balanceOf(person(who)) < count * PACKET_PRICE) return;
        vm.prank(person(who));
        token.transferAndCall(address(market), count * PACKET_PRICE);
        packets[who] += count;
    }

    function startLive(uint256 who, uint256 count, uint256 time) external timed(time) {
        who %= PEOPLE;
        if (packets[who] == 0) return;
        count = bound(count, 1, packets[who]);
        vm.prank(person(who));
        market.startLive(bytes32(who), count);
        packets[who] -= count;
        uint256 seeders = count * PACKET_PRICE * 6_667 / 10_000;
        owed[SEEDERS] += seeders;
        owed[FEES] += count * PACKET_PRICE - seeders;
    }

    function refund(uint256 who, uint256 count, uint256 time) external timed(time) {
        who %= PEOPLE;
        if (packets[who] == 0) return;
        count = bound(count, 1, packets[who]);
        uint256 before = token.balanceOf(person(who));
        vm.prank(person(who));
        market.refund(count);
        vm.assertEq(token.balanceOf(person(who)) - before, count * PACKET_PRICE, "given back at the price");
        packets[who] -= count;
    }

    function withdraw(uint256 who, uint256 time) external timed(time) {
        address account = accountOf(who % 5);
        if (owed[account] == 0) return;
        vm.assertEq(market.withdrawFor(account), owed[account], "withdrawn");
        owed[account] = 0;
    }

    function release(uint256 time) external timed(time) {
        uint256 amount = vesting.release();
        released += amount;
        uint256 end = 1_800_000_000 + 30 days;
        uint256 free = _time < end ? 0 : _time >= end + 300 days ? VESTED : VESTED * (_time - end) / 300 days;
        vm.assertEq(released, free, "vested by the line");
    }

    function accountOf(uint256 i) public pure returns (address) {
        return i == 0 ? FEES : i == 1 ? SEEDERS : person(i - 2);
    }

    function check() external view {
        uint256 earned;
        for (uint256 i = 0; i < 5; ++i) {
            vm.assertEq(market.owed(accountOf(i)), owed[accountOf(i)], "owed");
            earned += owed[accountOf(i)];
        }
        uint256 unused;
        for (uint256 i = 0; i < PEOPLE; ++i) {
            vm.assertEq(market.packetsOf(person(i)), packets[i], "packets");
            unused += packets[i] * PACKET_PRICE;
        }
        vm.assertEq(token.balanceOf(address(market)), earned + unused, "solvent: the market holds what it owes");
        vm.assertEq(token.balanceOf(address(router)) + swept, fees, "only fees stay in the router");
        uint256 creators = token.balanceOf(person(10)) + token.balanceOf(person(11)) + token.balanceOf(person(12));
        vm.assertEq(creators + token.balanceOf(person(20)) + fees, given, "gifts are divided without rest");
        vm.assertEq(token.balanceOf(address(vesting)) + released, VESTED, "vesting pays its owner only");
        vm.assertEq(token.balanceOf(address(0xBE)), released, "and pays all of it");
        vm.assertEq(token.totalSupply(), token.TOTAL(), "supply");
    }
}

contract MarketInvariant is Scene {
    MarketHandler private handler;
    bytes4[] private _selectors;

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function setUp() public override {
        handler = new MarketHandler();
        targetContract(address(handler));
        _selectors = [
            MarketHandler.giveByCall.selector,
            MarketHandler.giveByApproval.selector,
            MarketHandler.setSharerBps.selector,
            MarketHandler.sweep.selector,
            MarketHandler.buy.selector,
            MarketHandler.buyPackets.selector,
            MarketHandler.startLive.selector,
            MarketHandler.refund.selector,
            MarketHandler.withdraw.selector,
            MarketHandler.release.selector
        ];
    }

    /// @dev Only the actions are called, no views.
    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), _selectors);
    }

    function invariant_marketKeepsItsBooks() external view {
        handler.check();
    }
}
