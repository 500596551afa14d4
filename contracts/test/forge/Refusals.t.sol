// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessMarket} from "../../src/AccessMarket.sol";
import {AllocationVesting} from "../../src/AllocationVesting.sol";
import {ContentRegistry} from "../../src/ContentRegistry.sol";
import {GiftCatalog} from "../../src/GiftCatalog.sol";
import {GiftRouter} from "../../src/GiftRouter.sol";
import {GuardianPause} from "../../src/GuardianPause.sol";
import {PaidInWE} from "../../src/PaidInWE.sol";
import {Registry} from "../../src/Registry.sol";
import {TestFaucet} from "../../src/TestFaucet.sol";
import {TipBank} from "../../src/TipBank.sol";
import {WEToken} from "../../src/WEToken.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Scene} from "./Scene.sol";

/// @dev Every branch once, refusals above all; what the functions do in detail is tested on the committed bytecode by
/// contracts/test/*.test.ts. Together with the fuzz and invariant tests this reaches 100 % of the branches.
contract RefusalsTest is Scene {
    address private constant ALICE = address(0xA11CE);
    address private constant BEA = address(0xBEA);
    bytes32 private constant ITEM = bytes32(uint256(0xC1D));

    function _refuse(bytes4 selector) private {
        vm.expectPartialRevert(selector);
    }

    // ------------------------------------------------------------------------------------------------- token

    function test_tokenRefusesReceiversThatDoNotAnswer() external {
        address deaf = address(new Deaf());
        _refuse(WEToken.NotTaken.selector);
        token.transferAndCall(deaf, 1);
        vm.expectRevert();
        token.transferAndCall(ALICE, 1);
        _refuse(PaidInWE.NotToken.selector);
        bank.onTransferReceived(ALICE, ALICE, 1, "");
        _refuse(PaidInWE.OutOfRange.selector);
        new TipBank(IERC20(ALICE), ALICE, FEES, 0);
    }

    // ------------------------------------------------------------------------------------------------- pause

    function test_pauseHasLimits() external {
        bytes4 refusal = GuardianPause.PauseRefused.selector;
        _refuse(refusal);
        router.pause(0);
        _refuse(refusal);
        router.pause(7 days + 1);
        _refuse(refusal);
        router.unpause();
        router.pause(7 days);
        _refuse(GuardianPause.Paused.selector);
        token.transferAndCall(address(router), 1e18, abi.encode(BEA, 1, 1, bytes32(0), address(0)));
        router.unpause();
        _refuse(refusal);
        router.pause(1);
        vm.warp(block.timestamp + 7 days);
        router.pause(1);
    }

    // ----------------------------------------------------------------------------------------------- vesting

    function test_vestingNeedsItsMoneyAndASchedule() external {
        bytes4 range = AllocationVesting.OutOfRange.selector;
        _refuse(range);
        new AllocationVesting(token, ALICE, 1, 0, 0, 0);
        _refuse(range);
        new AllocationVesting(token, ALICE, 1, 1 << 40, 0, 0);
        _refuse(range);
        new AllocationVesting(token, ALICE, 1, 1, 20 * 365 days, 1);
        _refuse(AllocationVesting.NotFunded.selector);
        new AllocationVesting(token, ALICE, 0, 1, 0, 0);
        _refuse(AllocationVesting.NotFunded.selector);
        new AllocationVesting(token, ALICE, 1, 1, 0, 0);
    }

    function test_vestingPaysOnce() external {
        address place = address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", address(this), hex"07")))));
        token.transfer(place, 100);
        AllocationVesting vesting =
            new AllocationVesting(token, address(this), 100, uint64(block.timestamp), 10, 100);
        vm.assertEq(vesting.release(), 0, "cliff");
        vm.warp(block.timestamp + 60);
        vm.assertEq(vesting.release(), 50, "half");
        vm.assertEq(vesting.release(), 0, "nothing new");
        vm.warp(block.timestamp + 60);
        vm.assertEq(vesting.release(), 50, "rest");
        _refuse(AllocationVesting.CannotRenounce.selector);
        vesting.renounceOwnership();
    }

    // ------------------------------------------------------------------------------------------------- gifts

    function _defineAs(uint80 price, string memory cid, string memory text, address designer, uint16 bps) private {
        _refuse(PaidInWE.OutOfRange.selector);
        catalog.defineGift(price, cid, text, designer, bps);
    }

    function test_catalogueHasLimits() external {
        GiftCatalog.Standard[] memory none = new GiftCatalog.Standard[](0);
        _refuse(PaidInWE.OutOfRange.selector);
        new GiftCatalog(token, ALICE, address(0), 0, none);
        _refuse(PaidInWE.OutOfRange.selector);
        new GiftCatalog(token, ALICE, FEES, 10e18 + 1, none);
        string memory long = new string(97);
        _defineAs(0, "cid", "", ALICE, 0);
        _defineAs(10_001e18, "cid", "", ALICE, 0);
        _defineAs(1, "", "", ALICE, 0);
        _defineAs(1, "cid", "", address(0), 0);
        _defineAs(1, "cid", "", ALICE, 2_001);
        _defineAs(1, long, "", ALICE, 0);
        _defineAs(1, "cid", long, ALICE, 0);
        _refuse(PaidInWE.OutOfRange.selector);
        token.transferAndCall(address(catalog), 1, abi.encode(uint80(1), "cid", "", ALICE, uint16(0)));
    }

    function test_giftsAreDefinedAndRetired() external {
        token.approve(address(catalog), 1e18);
        uint32 own = catalog.defineGift(10, "cid", "", ALICE, 2_000);
        token.transferAndCall(address(catalog), 1e18, abi.encode(uint80(1), "cid", "", ALICE, uint16(0)));
        uint32 standard = catalog.defineStandardGift(5, "", "Comet");
        _refuse(GiftCatalog.NotYours.selector);
        catalog.retire(own);
        catalog.retire(standard);
        vm.prank(ALICE);
        catalog.retire(own);
        _refuse(GiftCatalog.NoGift.selector);
        catalog.retire(own);
        _refuse(GiftCatalog.NoGift.selector);
        catalog.retire(99);
        _refuse(GiftCatalog.NoGift.selector);
        catalog.termsOf(own);
        _refuse(GiftCatalog.NoGift.selector);
        catalog.termsOf(99);
        (uint256 price, address designer, uint256 bps, bool retired) = catalog.giftOf(own);
        vm.assertTrue(price == 10 && designer == ALICE && bps == 2_000 && retired, "still known");
    }

    function test_routerHasLimits() external {
        _refuse(PaidInWE.OutOfRange.selector);
        new GiftRouter(token, ALICE, catalog, address(0), 0);
        _refuse(PaidInWE.OutOfRange.selector);
        new GiftRouter(token, ALICE, catalog, FEES, 201);
        _refuse(PaidInWE.OutOfRange.selector);
        new GiftRouter(token, ALICE, GiftCatalog(ALICE), FEES, 0);
        _refuse(PaidInWE.OutOfRange.selector);
        router.setSharerBps(5_001);
        _refuse(PaidInWE.OutOfRange.selector);
        router.gift(BEA, 1, 0, 0, address(0));
        _refuse(PaidInWE.OutOfRange.selector);
        router.gift(BEA, 1, 10_001, 0, address(0));
        _refuse(PaidInWE.OutOfRange.selector);
        token.transferAndCall(address(router), 1e18, "");
        _refuse(GiftRouter.WrongAmount.selector);
        token.transferAndCall(address(router), 1, abi.encode(BEA, 1, 1, bytes32(0), address(0)));
    }

    function test_giftsPayDesignerAndSharer() external {
        token.approve(address(catalog), 2e18);
        uint32 own = catalog.defineGift(10_000, "cid", "", ALICE, 2_000);
        uint32 free = catalog.defineGift(10_000, "cid", "", ALICE, 0);
        vm.prank(BEA);
        router.setSharerBps(5_000);
        vm.assertEq(router.sharerBpsOf(BEA), 0, "from tomorrow");
        vm.warp(block.timestamp + 1 days);
        token.approve(address(router), 40_000);
        router.gift(BEA, own, 1, 0, address(0x51));
        vm.assertEq(token.balanceOf(ALICE), 1_980, "designer");
        vm.assertEq(token.balanceOf(address(0x51)), 4_950, "sharer");
        vm.assertEq(token.balanceOf(BEA), 2_970, "creator");
        router.gift(BEA, own, 1, 0, address(0));
        router.gift(address(0xBEE), free, 1, 0, address(0x51));
        // A useless permit is no error while the allowance is there.
        router.giftWithPermit(BEA, free, 1, 0, address(0), 10_000, 0, 27, 0, 0);
        token.transferAndCall(address(router), 10_000, abi.encode(BEA, free, 1, bytes32(0), address(0)));
        vm.assertEq(router.sweepFees(), 500, "fees");
    }

    // -------------------------------------------------------------------------------------------------- bank

    function test_bankHasLimits() external {
        _refuse(PaidInWE.OutOfRange.selector);
        new TipBank(token, ALICE, address(0), 0);
        _refuse(PaidInWE.OutOfRange.selector);
        new TipBank(token, ALICE, FEES, 201);
        _refuse(PaidInWE.OutOfRange.selector);
        bank.deposit(0);
        _refuse(PaidInWE.OutOfRange.selector);
        bank.deposit(1 << 96);
        _refuse(PaidInWE.OutOfRange.selector);
        token.transferAndCall(address(bank), 1, hex"00");
        _refuse(PaidInWE.OutOfRange.selector);
        bank.settle(BEA, address(1), 5_001, "");
        _refuse(PaidInWE.OutOfRange.selector);
        bank.settle(BEA, address(0), 1, "");
        _refuse(TipBank.BadLength.selector);
        bank.settle(BEA, address(0), 0, "");
        _refuse(TipBank.BadLength.selector);
        bank.settle(BEA, address(0), 0, new bytes(131));
        _refuse(TipBank.Nothing.selector);
        bank.withdraw();
        _refuse(TipBank.Nothing.selector);
        bank.startExit();
        _refuse(TipBank.NoExit.selector);
        bank.cancelExit();
        _refuse(TipBank.NoExit.selector);
        bank.finishExit();
    }

    function test_bankByApprovalAndPermit() external {
        token.approve(address(bank), 300);
        bank.deposit(100);
        bank.depositWithPermit(200, 0, 27, 0, 0);
        bank.startExit();
        _refuse(TipBank.ExitPending.selector);
        bank.startExit();
        _refuse(TipBank.ExitPending.selector);
        token.transferAndCall(address(bank), 1);
        _refuse(TipBank.NoExit.selector);
        bank.finishExit();
        bank.cancelExit();
        bank.startExit();
        vm.warp(block.timestamp + 1 days);
        vm.assertEq(bank.finishExit(), 300, "all");
    }

    function testFuzz_anyChangedBitIsRefused(uint96 total, uint32 count, bytes32 chain, uint256 bit) external {
        total = uint96(bound(total, 1, 1e24));
        address payer = vm.addr(7);
        token.transfer(payer, 2e24);
        vm.prank(payer);
        token.transferAndCall(address(bank), 2e24);
        bytes memory record = recordOf(Tab(7, BEA, address(0), 0, total, count, chain));
        bit = bit % (132 * 8);
        record[bit / 8] = bytes1(uint8(record[bit / 8]) ^ uint8(1 << (bit % 8)));
        // A changed total may have become 0: nothing to pay then. All others are refused.
        if (bit / 8 >= 20 && bit / 8 < 32 && _totalOf(record) == 0) {
            vm.assertEq(bank.settle(BEA, address(0), 0, record), 0, "nothing");
        } else {
            _refuse(TipBank.BadSignature.selector);
            bank.settle(BEA, address(0), 0, record);
        }
        record[bit / 8] = bytes1(uint8(record[bit / 8]) ^ uint8(1 << (bit % 8)));
        vm.assertEq(bank.settle(BEA, address(0), 0, record), total, "the signed one");
        vm.assertEq(bank.settle(BEA, address(0), 0, record), 0, "once");
    }

    function _totalOf(bytes memory record) private pure returns (uint256 total) {
        assembly ("memory-safe") {
            total := and(mload(add(record, 32)), 0xFFFFFFFFFFFFFFFFFFFFFFFF)
        }
    }

    function test_aSplitOfTotalsIsTheSameAsOne() external {
        address payer = vm.addr(7);
        token.transfer(payer, 1_000);
        vm.prank(payer);
        token.transferAndCall(address(bank), 1_000);
        for (uint96 total = 100; total <= 1_200; total += 100) {
            bank.settle(BEA, address(0x51), 100, recordOf(Tab(7, BEA, address(0x51), 100, total, 1, 0)));
        }
        vm.assertEq(bank.paidOf(payer, BEA, address(0x51), 100), 800, "all there was");
        vm.assertEq(bank.punishedOf(payer, BEA, address(0x51), 100), 1_200, "all that was promised");
        (uint256 balance, uint256 collateral,) = bank.accountOf(payer);
        vm.assertEq(balance + collateral, 0, "nothing left");
        vm.assertEq(token.balanceOf(address(bank)), 900, "half of the collateral is burnt");
    }

    // ------------------------------------------------------------------------------------ content and market

    function _splits(address account, uint16 bps) private pure returns (ContentRegistry.Split[] memory splits) {
        splits = new ContentRegistry.Split[](1);
        splits[0] = ContentRegistry.Split(account, bps);
    }

    function test_contentHasLimits() external {
        bytes4 range = ContentRegistry.OutOfRange.selector;
        ContentRegistry.Split[] memory none = new ContentRegistry.Split[](0);
        _refuse(range);
        contents.register(0, 0, "", none);
        _refuse(range);
        contents.register(ITEM, 0, new string(65), none);
        _refuse(range);
        contents.register(ITEM, 0, "", new ContentRegistry.Split[](9));
        _refuse(range);
        contents.register(ITEM, 0, "", _splits(address(0), 10_000));
        _refuse(range);
        contents.register(ITEM, 0, "", _splits(ALICE, 0));
        _refuse(range);
        contents.register(ITEM, 0, "", _splits(ALICE, 9_999));
        bytes32 id = contents.register(ITEM, 0, "", none);
        _refuse(ContentRegistry.AlreadyThere.selector);
        contents.register(ITEM, 0, "", none);
        _refuse(range);
        contents.transfer(id, address(0));
        _refuse(range);
        contents.transfer(id, address(this));
        vm.prank(ALICE);
        _refuse(ContentRegistry.NotOwner.selector);
        contents.transfer(id, ALICE);
        _refuse(range);
        contents.anchor(0, 1);
        contents.anchor(ITEM, 1);
        _refuse(ContentRegistry.AlreadyThere.selector);
        contents.anchor(ITEM, 1);
        vm.assertEq(contents.recordAnchoredAt(address(this), ITEM, new bytes32[](0)), 0, "a root is no leaf");
    }

    function test_itemsAreHandedOnAndSold() external {
        ContentRegistry.Split[] memory splits = new ContentRegistry.Split[](2);
        splits[0] = ContentRegistry.Split(address(this), 6_000);
        splits[1] = ContentRegistry.Split(BEA, 4_000);
        bytes32 id = contents.register(ITEM, 0, "", splits);
        contents.transfer(id, ALICE);
        vm.assertEq(contents.splitsOf(id)[0].account, ALICE, "owner's part");
        vm.assertEq(contents.splitsOf(id)[1].account, BEA, "not of others");
        _refuse(AccessMarket.NotOwner.selector);
        market.setPrice(id, 1);
        vm.prank(ALICE);
        _refuse(PaidInWE.OutOfRange.selector);
        market.setPrice(id, 100_001e18);
        _refuse(AccessMarket.NotForSale.selector);
        market.buy(id, 1);
        vm.prank(ALICE);
        market.setPrice(id, 1_000);
        _refuse(AccessMarket.WrongAmount.selector);
        market.buy(id, 999);
        token.transferAndCall(address(market), 1_000, abi.encode(id));
        _refuse(AccessMarket.AlreadyBought.selector);
        market.buy(id, 1_000);
        vm.assertEq(market.owed(ALICE), 594, "owner");
        vm.assertEq(market.owed(BEA), 396, "other");
        vm.prank(ALICE);
        vm.assertEq(market.withdraw(), 594, "withdrawn");
        _refuse(AccessMarket.Nothing.selector);
        market.withdraw();
    }

    function _marketAs(ContentRegistry registry, uint256 price, address seeders, uint256 bps, address fees, uint256 fee)
        private
    {
        _refuse(PaidInWE.OutOfRange.selector);
        new AccessMarket(token, ALICE, registry, price, seeders, bps, fees, fee);
    }

    function test_packetsHaveLimits() external {
        _marketAs(ContentRegistry(ALICE), 1, SEEDERS, 0, FEES, 0);
        _marketAs(contents, 0, SEEDERS, 0, FEES, 0);
        _marketAs(contents, 10e18 + 1, SEEDERS, 0, FEES, 0);
        _marketAs(contents, 1, address(0), 0, FEES, 0);
        _marketAs(contents, 1, SEEDERS, 10_001, FEES, 0);
        _marketAs(contents, 1, SEEDERS, 0, address(0), 0);
        _marketAs(contents, 1, SEEDERS, 0, FEES, 201);
        _refuse(PaidInWE.OutOfRange.selector);
        market.buyPackets(0);
        _refuse(PaidInWE.OutOfRange.selector);
        market.buyPackets(100_001);
        _refuse(AccessMarket.WrongAmount.selector);
        token.transferAndCall(address(market), PACKET_PRICE + 1);
        token.approve(address(market), 2 * PACKET_PRICE);
        market.buyPackets(2);
        _refuse(PaidInWE.OutOfRange.selector);
        market.startLive(ITEM, 0);
        _refuse(AccessMarket.TooFewPackets.selector);
        market.startLive(ITEM, 3);
        market.startLive(ITEM, 2);
    }

    // ---------------------------------------------------------------------------------- registry and faucet

    function test_registryHasLimits() external {
        bytes32[] memory names = new bytes32[](2);
        address[] memory accounts = new address[](2);
        (names[0], names[1]) = ("TipBank", "TipBank");
        (accounts[0], accounts[1]) = (address(bank), address(bank));
        _refuse(Registry.OutOfRange.selector);
        new Registry(ALICE, names, new address[](1));
        _refuse(Registry.OutOfRange.selector);
        new Registry(ALICE, names, accounts);
        names[1] = "GiftRouter";
        Registry registry = new Registry(address(this), names, accounts);
        _refuse(Registry.OutOfRange.selector);
        registry.propose(0, address(bank));
        _refuse(Registry.OutOfRange.selector);
        registry.propose("TipBank", ALICE);
        _refuse(Registry.NotReady.selector);
        registry.accept("TipBank");
        _refuse(Registry.NotReady.selector);
        registry.cancel("TipBank");
        registry.propose("TipBank", address(router));
        _refuse(Registry.NotReady.selector);
        registry.accept("TipBank");
        registry.cancel("TipBank");
        registry.propose("TipBank", address(router));
        vm.warp(block.timestamp + 21 days + 1);
        _refuse(Registry.NotReady.selector);
        registry.accept("TipBank");
        registry.propose("TipBank", address(router));
        vm.warp(block.timestamp + 7 days);
        registry.accept("TipBank");
        vm.assertEq(registry.list("TipBank").account, address(router), "in force");
        registry.propose("TipBank", address(bank));
        vm.assertEq(registry.proposalOf("TipBank").account, address(bank), "waits");
        vm.warp(block.timestamp + 7 days);
        vm.etch(address(bank), hex"00"); // as a contract that destroyed itself and came back as another
        _refuse(Registry.CodeChanged.selector);
        registry.accept("TipBank");
    }

    function test_faucetGivesOnce() external {
        TestFaucet faucet = new TestFaucet(token);
        token.transfer(address(faucet), 5_000e18);
        vm.startPrank(ALICE);
        faucet.claim();
        _refuse(TestFaucet.AlreadyClaimed.selector);
        faucet.claim();
        vm.stopPrank();
    }
}

/// @dev Answers payments with something else.
contract Deaf {
    function onTransferReceived(address, address, uint256, bytes calldata) external pure returns (bytes4) {
        return 0xdeadbeef;
    }
}
