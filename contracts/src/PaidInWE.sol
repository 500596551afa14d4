// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1363Receiver} from "@openzeppelin/contracts/interfaces/IERC1363Receiver.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

/// @title A contract that takes WE
/// @notice WE comes in by `transferAndCall` on the token (ERC-1363: one transaction, no approval), or by an approval of
/// the exact amount, in the same transaction as a permit where a function offers one.
abstract contract PaidInWE is IERC1363Receiver {
    /// @notice The WE token.
    IERC20 public immutable token;

    /// @notice Only the WE token may report a payment.
    error NotToken();
    /// @notice A constructor argument or an amount outside its limits.
    error OutOfRange();

    constructor(IERC20 token_) {
        if (address(token_).code.length == 0) revert OutOfRange();
        token = token_;
    }

    /// @inheritdoc IERC1363Receiver
    /// @dev The token has already moved `value` from `from` to this contract. `operator` differs from `from` when a
    /// spender used an allowance; the payment counts as `from`'s.
    function onTransferReceived(address, address from, uint256 value, bytes calldata data) external returns (bytes4) {
        if (msg.sender != address(token)) revert NotToken();
        _paid(from, value, data);
        return IERC1363Receiver.onTransferReceived.selector;
    }

    /// @dev Acts on a payment that has arrived; reverts to send it back.
    function _paid(address from, uint256 value, bytes calldata data) internal virtual;

    /// @dev Uses the caller's permit for exactly `value`. Somebody may have sent the same permit ahead of us to make us
    /// fail (the signature is public once in the mempool): then the allowance is already there, so a failure is left to
    /// `transferFrom` to judge.
    function _tryPermit(uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) internal {
        try IERC20Permit(address(token)).permit(msg.sender, address(this), value, deadline, v, r, s) {} catch {}
    }
}
