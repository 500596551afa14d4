// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Shares} from "./Shares.sol";

/// @title One part of the supply, set free over time
/// @notice Nothing before the cliff ends, then linear for `duration`. Anyone may call `release`; the money goes to the
/// owner, who can only hand the role on, in two steps. The schedule is fixed at deployment.
contract AllocationVesting is Ownable2Step {
    using SafeERC20 for IERC20;

    /// @notice The WE token.
    IERC20 public immutable token;
    /// @notice End of the cliff, Unix seconds: from here on it is linear.
    uint64 public immutable cliffEnd;
    /// @notice Length of the linear part, seconds; 0: everything at `cliffEnd`.
    uint64 public immutable duration;
    /// @notice Paid out so far, wei.
    uint256 public released;

    /// @notice `amount` went to `to`.
    event Released(address indexed to, uint256 amount);

    /// @notice The token does not hold the amount for this contract: deployed at another address than planned.
    error NotFunded();
    /// @notice The schedule ends more than 20 years after its start, or has no start.
    error OutOfRange();
    /// @notice Without an owner the money would be lost.
    error CannotRenounce();

    /// @param token_ The WE token, already deployed, with `amount` minted to this contract's address.
    /// @param beneficiary Who receives; not zero.
    /// @param amount Wei that must be here.
    /// @param start Unix seconds.
    /// @param cliff Seconds from `start`.
    /// @param duration_ Seconds from the cliff's end.
    constructor(IERC20 token_, address beneficiary, uint256 amount, uint64 start, uint64 cliff, uint64 duration_)
        Ownable(beneficiary)
    {
        if (start == 0 || start > type(uint40).max || uint256(cliff) + duration_ > 20 * 365 days) revert OutOfRange();
        if (amount == 0 || token_.balanceOf(address(this)) < amount) revert NotFunded();
        token = token_;
        cliffEnd = start + cliff;
        duration = duration_;
    }

    /// @notice Pays the owner what is free and not paid yet; nothing happens when that is 0.
    function release() external returns (uint256 amount) {
        amount = releasable();
        if (amount == 0) return 0;
        released += amount;
        address to = owner();
        emit Released(to, amount);
        token.safeTransfer(to, amount);
    }

    /// @notice What `release` would pay now, wei.
    function releasable() public view returns (uint256) {
        return vestedAt(block.timestamp) - released;
    }

    /// @notice What is free at `time` (Unix seconds), paid out or not, wei. WE sent here later vests by the same line.
    function vestedAt(uint256 time) public view returns (uint256) {
        return Shares.vested(released + token.balanceOf(address(this)), cliffEnd, duration, time);
    }

    /// @notice Refused.
    function renounceOwnership() public view override onlyOwner {
        revert CannotRenounce();
    }
}
