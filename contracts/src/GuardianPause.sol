// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

/// @title The guardian's brake
/// @notice The owner ("guardian") can stop what brings money in, for at most 7 days; then at least as long must pass
/// before the next stop, so that pauses cannot be chained into a closure. What takes money out never asks this contract.
/// The role moves in two steps; renouncing it removes the brake for ever.
abstract contract GuardianPause is Ownable2Step {
    /// @notice Longest pause, seconds.
    uint256 public constant PAUSE_MAX = 7 days;
    /// @notice Least time between the end of a pause and the start of the next, seconds.
    uint256 public constant PAUSE_REST = 7 days;

    /// @notice End of the running or last pause, Unix seconds; 0 before the first.
    uint64 public pausedUntil;

    /// @notice The guardian paused, or (with a time not in the future) ended a pause.
    event PausedUntil(uint256 until);

    /// @notice New money is not accepted before `until`.
    error Paused(uint256 until);
    /// @notice Too long, or too soon after the last pause.
    error PauseRefused();

    /// @param guardian Who may pause; not zero.
    constructor(address guardian) Ownable(guardian) {}

    /// @notice Stops new deposits and gifts.
    /// @param duration Seconds, 1 to `PAUSE_MAX`.
    function pause(uint256 duration) external onlyOwner {
        uint256 last = pausedUntil;
        if (duration == 0 || duration > PAUSE_MAX || (last != 0 && block.timestamp < last + PAUSE_REST)) {
            revert PauseRefused();
        }
        pausedUntil = uint64(block.timestamp + duration);
        emit PausedUntil(block.timestamp + duration);
    }

    /// @notice Ends a running pause early; the rest is counted from now.
    function unpause() external onlyOwner {
        if (block.timestamp >= pausedUntil) revert PauseRefused();
        pausedUntil = uint64(block.timestamp);
        emit PausedUntil(block.timestamp);
    }

    /// @dev Reverts while paused.
    modifier whenOpen() {
        uint256 until = pausedUntil;
        if (block.timestamp < until) revert Paused(until);
        _;
    }
}
