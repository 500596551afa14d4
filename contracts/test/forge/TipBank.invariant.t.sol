// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Scene} from "./Scene.sol";

/// @dev Does everything people can do with the bank, in any order, and keeps its own books in the plainest way: one
/// variable per fact, no packing, no batching. The bank must agree with these books after every call.
contract TipBankHandler is Scene {
    uint256 internal constant PEOPLE = 4;
    uint256 internal constant LINES = 3;

    address[PEOPLE] public payerOf;
    mapping(uint256 payer => uint256) public balance;
    mapping(uint256 payer => uint256) public collateral;
    mapping(uint256 payer => uint256) public exitAt;
    mapping(uint256 payer => mapping(uint256 line => uint256)) public paid;
    mapping(uint256 payer => mapping(uint256 line => uint256)) public punished;
    mapping(uint256 payer => mapping(uint256 line => uint256)) public highest;
    mapping(address account => uint256) public owed;
    uint256 public deposited;
    uint256 public left;
    uint256 public withdrawn;
    uint256 public burnt;
    uint256 public calls;
    uint256 private _amount;
    uint256 private _compensation;
    uint256 private _time = 1_800_000_000;

    constructor() {
        setUp();
        for (uint256 i = 0; i < PEOPLE; ++i) {
            payerOf[i] = vm.addr(i + 1);
            token.transfer(payerOf[i], 1_000_000e18);
        }
    }

    function lineOf(uint256 i) public pure returns (address creator, address sharer, uint16 bps) {
        if (i == 0) return (address(0xC1), address(0), 0);
        if (i == 1) return (address(0xC1), address(0x51), 2_500);
        return (address(0xC2), address(0x51), 5_000);
    }

    modifier counted(uint256 time) {
        ++calls;
        _time += time % 6 hours;
        vm.warp(_time);
        _;
    }

    function deposit(uint256 who, uint256 amount, uint256 time) external counted(time) {
        who %= PEOPLE;
        amount = bound(amount, 1, 100e18);
        if (exitAt[who] != 0 || token.balanceOf(payerOf[who]) < amount) return;
        vm.prank(payerOf[who]);
        token.transferAndCall(address(bank), amount);
        deposited += amount;
        uint256 whole = balance[who] + collateral[who] + amount;
        uint256 fifth = whole / 5 + (whole % 5 == 0 ? 0 : 1);
        if (fifth > collateral[who]) collateral[who] = fifth;
        balance[who] = whole - collateral[who];
    }

    /// @dev Two records of one line: any payers, any totals, old or new; the second may repeat the first.
    function settle(uint256 line, uint256 who, uint256 total, uint256 other, uint256 more, uint256 time)
        external
        counted(time)
    {
        line %= LINES;
        who %= PEOPLE;
        other %= PEOPLE;
        total = bound(total, 0, 150e18);
        more = bound(more, 0, 150e18);
        bytes memory records = abi.encodePacked(_record(line, who, total), _record(line, other, more));
        (_amount, _compensation) = (0, 0);
        _book(line, who, total);
        _book(line, other, more);
        _check(line, records);
    }

    function _check(uint256 line, bytes memory records) private {
        (address creator, address sharer, uint16 bps) = lineOf(line);
        vm.assertEq(bank.settle(creator, sharer, bps, records), _amount, "amount");
        uint256 fee = _amount / 100;
        uint256 part = (_amount - fee) * bps / 10_000;
        owed[FEES] += fee;
        owed[sharer] += part;
        owed[creator] += _amount - fee - part + _compensation;
    }

    function _record(uint256 line, uint256 who, uint256 total) private returns (bytes memory) {
        (address creator, address sharer, uint16 bps) = lineOf(line);
        return recordOf(Tab(who + 1, creator, sharer, bps, uint96(total), uint32(total), bytes32(total)));
    }

    function _book(uint256 line, uint256 who, uint256 total) private {
        if (total > highest[who][line]) highest[who][line] = total;
        if (total <= paid[who][line]) return;
        uint256 debt = total - paid[who][line];
        uint256 pay = debt < balance[who] ? debt : balance[who];
        balance[who] -= pay;
        paid[who][line] += pay;
        _amount += pay;
        if (pay < debt && total > punished[who][line]) {
            uint256 from = paid[who][line] > punished[who][line] ? paid[who][line] : punished[who][line];
            uint256 slash = total - from;
            if (slash > collateral[who]) slash = collateral[who];
            collateral[who] -= slash;
            punished[who][line] = total;
            _compensation += slash / 2;
            burnt += slash - slash / 2;
        }
    }

    function startExit(uint256 who, uint256 time) external counted(time) {
        who %= PEOPLE;
        if (exitAt[who] != 0 || balance[who] + collateral[who] == 0) return;
        vm.prank(payerOf[who]);
        bank.startExit();
        exitAt[who] = _time + 24 hours;
    }

    function cancelExit(uint256 who, uint256 time) external counted(time) {
        who %= PEOPLE;
        if (exitAt[who] == 0) return;
        vm.prank(payerOf[who]);
        bank.cancelExit();
        exitAt[who] = 0;
    }

    function finishExit(uint256 who, uint256 time) external counted(time) {
        who %= PEOPLE;
        if (exitAt[who] == 0) return;
        bool early = _time < exitAt[who];
        vm.prank(payerOf[who]);
        if (early) {
            try bank.finishExit() {
                vm.assertTrue(false, "left before the day was over");
            } catch {}
            return;
        }
        uint256 amount = bank.finishExit();
        vm.assertEq(amount, balance[who] + collateral[who], "all of it");
        left += amount;
        (balance[who], collateral[who], exitAt[who]) = (0, 0, 0);
    }

    function withdraw(uint256 who, uint256 time) external counted(time) {
        address account = accountOf(who % 4);
        if (owed[account] == 0) return;
        withdrawn += bank.withdrawFor(account);
        owed[account] = 0;
    }

    function accountOf(uint256 i) public pure returns (address) {
        return i == 0 ? FEES : i == 1 ? address(0x51) : i == 2 ? address(0xC1) : address(0xC2);
    }

    /// @dev The statements of contracts/README.md, each checked against the bank itself.
    function check() external view {
        uint256 held;
        for (uint256 who = 0; who < PEOPLE; ++who) {
            (uint256 b, uint256 c, uint256 e) = bank.accountOf(payerOf[who]);
            vm.assertEq(b, balance[who], "balance");
            vm.assertEq(c, collateral[who], "collateral");
            vm.assertEq(e, exitAt[who], "exit");
            held += b + c;
            for (uint256 line = 0; line < LINES; ++line) {
                (address creator, address sharer, uint16 bps) = lineOf(line);
                uint256 p = bank.paidOf(payerOf[who], creator, sharer, bps);
                vm.assertEq(p, paid[who][line], "paid");
                vm.assertLe(p, highest[who][line], "never more than was signed");
                uint256 u = bank.punishedOf(payerOf[who], creator, sharer, bps);
                vm.assertEq(u, punished[who][line], "punished");
                vm.assertTrue(p == highest[who][line] || b == 0 || u != 0, "all that was signed, or all there was");
            }
        }
        uint256 earned;
        for (uint256 i = 0; i < 4; ++i) {
            vm.assertEq(bank.owed(accountOf(i)), owed[accountOf(i)], "owed");
            earned += owed[accountOf(i)];
        }
        vm.assertEq(token.balanceOf(address(bank)), held + earned, "solvent: the bank holds what it owes");
        vm.assertEq(deposited, held + earned + left + withdrawn + burnt, "every deposited wei is accounted for");
        vm.assertEq(token.totalSupply(), token.TOTAL() - burnt, "supply falls by what was burnt only");
    }
}

contract TipBankInvariant is Scene {
    TipBankHandler private handler;

    function setUp() public override {
        handler = new TipBankHandler();
        targetContract(address(handler));
        _selectors = [
            TipBankHandler.deposit.selector,
            TipBankHandler.settle.selector,
            TipBankHandler.startExit.selector,
            TipBankHandler.cancelExit.selector,
            TipBankHandler.finishExit.selector,
            TipBankHandler.withdraw.selector
        ];
    }

    bytes4[] private _selectors;

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    /// @dev Only the actions are called, no views.
    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), _selectors);
    }

    function invariant_bankKeepsItsBooks() external view {
        handler.check();
    }
}
