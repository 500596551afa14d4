// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessMarket} from "../../src/AccessMarket.sol";
import {ContentRegistry} from "../../src/ContentRegistry.sol";
import {GiftCatalog} from "../../src/GiftCatalog.sol";
import {GiftRouter} from "../../src/GiftRouter.sol";
import {TipBank} from "../../src/TipBank.sol";
import {WEToken} from "../../src/WEToken.sol";
import {Base} from "./Base.sol";

/// @dev All contracts, owned by the test, which holds the whole supply. Fees go to FEES, seeders' parts to SEEDERS.
abstract contract Scene is Base {
    address internal constant FEES = address(0xFEE5);
    address internal constant SEEDERS = address(0x5EED);
    uint256 internal constant PACKET_PRICE = 7;

    WEToken internal token;
    GiftCatalog internal catalog;
    GiftRouter internal router;
    TipBank internal bank;
    ContentRegistry internal contents;
    AccessMarket internal market;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        address me = address(this);
        token = new WEToken(me, me, me, me, me);
        GiftCatalog.Standard[] memory gifts = new GiftCatalog.Standard[](2);
        gifts[0] = GiftCatalog.Standard(1e18, "", "Clap");
        gifts[1] = GiftCatalog.Standard(3, "", "Crumb");
        catalog = new GiftCatalog(token, me, FEES, 1e18, gifts);
        router = new GiftRouter(token, me, catalog, FEES, 100);
        bank = new TipBank(token, me, FEES, 100);
        contents = new ContentRegistry();
        market = new AccessMarket(token, me, contents, PACKET_PRICE, SEEDERS, 6_667, FEES, 100);
    }

    struct Tab {
        uint256 key;
        address creator;
        address sharer;
        uint16 sharerBps;
        uint96 total;
        uint32 count;
        bytes32 chain;
    }

    mapping(uint256 key => address) private _addresses;

    /// @dev vm.addr, remembered: it multiplies on the curve.
    function addressOf(uint256 key) internal returns (address account) {
        account = _addresses[key];
        if (account == address(0)) _addresses[key] = account = vm.addr(key);
    }

    /// @dev EIP-712 digest written from the standard, not from the contract.
    function digestOf(Tab memory tab) internal returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("WE TipBank"),
                keccak256("1"),
                block.chainid,
                address(bank)
            )
        );
        bytes32 body = keccak256(
            abi.encode(
                keccak256(
                    "Tab(address payer,address creator,address sharer,uint16 sharerBps,uint96 total,uint32 count,bytes32 chain)"
                ),
                addressOf(tab.key),
                tab.creator,
                tab.sharer,
                tab.sharerBps,
                tab.total,
                tab.count,
                tab.chain
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, body));
    }

    /// @dev The 132 bytes of a record.
    function recordOf(Tab memory tab) internal returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(tab.key, digestOf(tab));
        bytes32 vs = bytes32(uint256(s) | (uint256(v - 27) << 255));
        return abi.encodePacked(addressOf(tab.key), tab.total, tab.count, tab.chain, r, vs);
    }
}
