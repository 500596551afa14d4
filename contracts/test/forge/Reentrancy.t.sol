// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TipBank} from "../../src/TipBank.sol";
import {AccessMarket} from "../../src/AccessMarket.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {WEToken} from "../../src/WEToken.sol";
import {Scene} from "./Scene.sol";

/// @dev The worst token there could be: it calls the receiver back in the middle of every transfer (WE never does). Were
/// the contracts deployed over it, reentering must still gain nothing.
contract CallingToken is ERC20("Calling", "C") {
    address public hook;

    constructor() {
        _mint(msg.sender, 1e30);
    }

    function setHook(address hook_) external {
        hook = hook_;
    }

    function burn(uint256 amount) external {
        _burn(msg.sender, amount);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (to == hook && hook != address(0)) Robber(to).touched();
    }
}

/// @dev Takes its money out and, while receiving it, tries to take it again by every way out.
contract Robber {
    CallingToken private immutable token;
    TipBank private immutable bank;
    AccessMarket private immutable market;
    uint256 public tries;

    constructor(CallingToken token_, TipBank bank_, AccessMarket market_) {
        token = token_;
        bank = bank_;
        market = market_;
    }

    function touched() external {
        if (tries > 20) return;
        ++tries;
        try bank.finishExit() {} catch {}
        try bank.withdraw() {} catch {}
        try bank.withdrawFor(address(this)) {} catch {}
        try market.refund(10) {} catch {}
        try market.withdraw() {} catch {}
    }

    function deposit(uint256 amount) external {
        token.approve(address(bank), amount);
        bank.deposit(amount);
    }

    function startLeaving() external {
        bank.startExit();
    }

    function finish() external {
        bank.finishExit();
    }

    function withdraw() external {
        bank.withdraw();
    }

    function packets(uint256 count) external {
        token.approve(address(market), 1e18);
        market.buyPackets(count);
    }

    function refund(uint256 count) external {
        market.refund(count);
    }
}

contract ReentrancyTest is Scene {
    CallingToken private calling;
    Robber private robber;

    function setUp() public override {
        super.setUp();
        calling = new CallingToken();
        bank = new TipBank(calling, address(this), FEES, 100);
        market = new AccessMarket(calling, address(this), contents, PACKET_PRICE, SEEDERS, 5_000, FEES, 100);
        robber = new Robber(calling, bank, market);
        calling.transfer(address(robber), 1_000);
        // Others' money is there to be stolen.
        calling.transfer(vm.addr(7), 1_000_000);
        vm.startPrank(vm.addr(7));
        calling.approve(address(bank), 1_000_000);
        bank.deposit(1_000_000);
        vm.stopPrank();
        calling.approve(address(market), 700_000);
        market.buyPackets(100_000);
    }

    function test_exitTwice() external {
        robber.deposit(1_000);
        robber.startLeaving();
        vm.warp(block.timestamp + 1 days);
        calling.setHook(address(robber));
        robber.finish();
        vm.assertTrue(robber.tries() > 0, "it tried");
        vm.assertEq(calling.balanceOf(address(robber)), 1_000, "what was its own");
        vm.assertEq(calling.balanceOf(address(bank)), 1_000_000, "others'");
    }

    function test_withdrawTwice() external {
        bank.settle(address(robber), address(0), 0, recordOf(Tab(7, address(robber), address(0), 0, 10_000, 1, 0)));
        calling.setHook(address(robber));
        robber.withdraw();
        vm.assertTrue(robber.tries() > 0, "it tried");
        vm.assertEq(calling.balanceOf(address(robber)), 1_000 + 9_900, "its earnings");
    }

    function test_refundTwice() external {
        robber.packets(10);
        calling.setHook(address(robber));
        robber.refund(10);
        vm.assertTrue(robber.tries() > 0, "it tried");
        vm.assertEq(calling.balanceOf(address(robber)), 1_000, "what it had paid");
        vm.assertEq(calling.balanceOf(address(market)), 700_000, "others'");
    }

    /// @dev With WE itself a receiver is called only by transferAndCall, after the money has moved.
    function test_weCallsNobodyOnPlainTransfers() external {
        Robber listener = new Robber(calling, bank, market);
        token.transfer(address(listener), 5);
        vm.assertEq(listener.tries(), 0, "not called");
    }
}
