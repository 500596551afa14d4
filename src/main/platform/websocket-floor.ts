/**
 * WebSocket, which the Node floor (20.18) lacks and libp2p expects (`WebSocket is not defined` at a dial of a /ws
 * address). Apart from `runtime-floor`, because undici is a megabyte of code (some 12 MB of memory) in each process
 * that loads it: only who makes a node imports this.
 */
import { CloseEvent, WebSocket } from 'undici'

interface Floor {
  WebSocket?: unknown
  CloseEvent?: unknown
}

const globals = globalThis as Floor
globals.WebSocket ??= WebSocket
globals.CloseEvent ??= CloseEvent
