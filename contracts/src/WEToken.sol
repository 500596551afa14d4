// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC1363} from "@openzeppelin/contracts/token/ERC20/extensions/ERC1363.sol";
import {IERC1363Receiver} from "@openzeppelin/contracts/interfaces/IERC1363Receiver.sol";

/// @title WE, the token of WE Studio
/// @notice ERC-20 with ERC-2612 permits, burning, and ERC-1363: `transferAndCall` pays a contract of the product in one
/// transaction without any approval. 1,250,000,000 WE are minted once, here; nobody can mint, pause or seize.
/// @dev Plain `transfer` and `transferFrom` call nobody: only the *AndCall functions do, and only the receiver that the
/// sender named.
contract WEToken is ERC20, ERC20Burnable, ERC20Permit, ERC1363 {
    /// @notice Everything there will ever be, in wei.
    uint256 public constant TOTAL = 1_250_000_000e18;
    /// @notice Parts of `TOTAL` by purpose, in wei.
    uint256 public constant ISSUE = 625_000_000e18;
    uint256 public constant FOUNDATION = 375_000_000e18;
    uint256 public constant ECOSYSTEM = 125_000_000e18;
    uint256 public constant TEAM = 62_500_000e18;
    uint256 public constant COMMUNITY = 62_500_000e18;

    /// @notice The receiver does not take payments.
    error NotTaken();

    /// @notice Mints the five parts; a zero address is refused by the token itself.
    /// @param issue Receiver of the issued part.
    /// @param foundation Vesting of the foundation.
    /// @param ecosystem The reward fund.
    /// @param team Vesting of the team.
    /// @param community Vesting of the community.
    constructor(address issue, address foundation, address ecosystem, address team, address community)
        ERC20("WE", "WE")
        ERC20Permit("WE")
    {
        _mint(issue, ISSUE);
        _mint(foundation, FOUNDATION);
        _mint(ecosystem, ECOSYSTEM);
        _mint(team, TEAM);
        _mint(community, COMMUNITY);
    }

    /// @notice Pays and tells the receiver, which acts on it or refuses (then nothing has happened).
    /// @dev As in OpenZeppelin's ERC1363, without its detour over try and catch: gifts and deposits come this way. A
    /// receiver's own error reaches the caller as it is; an address without code has no answer, which reverts too.
    function transferAndCall(address to, uint256 value, bytes memory data) public override returns (bool) {
        _transfer(msg.sender, to, value);
        if (
            IERC1363Receiver(to).onTransferReceived(msg.sender, msg.sender, value, data)
                != IERC1363Receiver.onTransferReceived.selector
        ) revert NotTaken();
        return true;
    }
}
