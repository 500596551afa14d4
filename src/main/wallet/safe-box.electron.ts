/* eslint-disable @typescript-eslint/no-deprecated -- their asynchronous forms are missing in Electron 33, the test runtime */
import { safeStorage } from 'electron'
import type { SafeBox } from './accounts/device-secret'

/**
 * The system's key store, or null where there is none. Without a keyring Linux "encrypts" with a constant
 * (`basic_text`), which is worse than a file that says what it is. Call after `ready`.
 */
export function systemSafeBox(): SafeBox | null {
  if (!safeStorage.isEncryptionAvailable()) return null
  const backend = process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : process.platform
  if (backend === 'basic_text' || backend === 'unknown') return null
  return {
    backend,
    seal: (text) => safeStorage.encryptString(text),
    open: (sealed) => safeStorage.decryptString(Buffer.from(sealed)),
  }
}
