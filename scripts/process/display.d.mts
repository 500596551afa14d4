export function hasDisplay(): boolean
export function findProgram(name: string): string | undefined
export function startVirtualDisplay(): Promise<{ env: { DISPLAY: string; XAUTHORITY: string }; stop: () => void }>
