// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Test value for a local ledger
/// @notice Gives each account 1,000 WE once. Only for local ledgers, where WE is worth nothing: never deployed elsewhere.
contract TestFaucet {
    using SafeERC20 for IERC20;

    /// @notice What a claim gives, wei.
    uint256 public constant AMOUNT = 1_000e18;

    /// @notice The WE token.
    IERC20 public immutable token;
    /// @notice Whether an account has had its part.
    mapping(address account => bool) public hasClaimed;

    /// @notice `account` got its test value.
    event Claimed(address indexed account, uint256 amount);

    /// @notice Only once.
    error AlreadyClaimed();

    constructor(IERC20 token_) {
        token = token_;
    }

    /// @notice Gives the caller `AMOUNT`, once.
    function claim() external {
        if (hasClaimed[msg.sender]) revert AlreadyClaimed();
        hasClaimed[msg.sender] = true;
        emit Claimed(msg.sender, AMOUNT);
        token.safeTransfer(msg.sender, AMOUNT);
    }
}
