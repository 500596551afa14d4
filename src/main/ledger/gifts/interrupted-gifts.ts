import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Address } from '@shared/money/address'
import { PayerBook, type BookedGift } from './payer-book'

/** Where the gifts lie that one account has given on one ledger. */
export function givenPath(folder: string, chainId: number, account: Address): string {
  return join(folder, `given-${chainId}-${account}.log`)
}

/**
 * What became of gifts that a kill cut short, in words for the person, over all books of an account. Call it before a
 * book of the account is opened otherwise. Throws StudioError `gift-book-broken`.
 */
export async function interruptedGifts(folder: string, account: Address): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  const told: string[] = []
  for (const name of names) {
    if (!name.startsWith('given-') || !name.endsWith(`-${account}.log`)) continue
    const book = await PayerBook.open(join(folder, name), account)
    for (const gift of book.cutShort) {
      told.push(`${giftWords(gift)} was not sent: the app was closed before it was signed. Nothing was paid.`)
    }
    for (const gift of book.unsent()) {
      told.push(
        `${giftWords(gift)} was signed when the app was closed, and is not sent yet. Watch that live again, and it is sent once.`,
      )
    }
    await book.close()
  }
  return told
}

/** A gift as its giver calls it. */
export function giftWords({ line, about }: BookedGift): string {
  const pieces = line.item.qty > 1 ? `${line.item.qty} × ${about.giftName}` : `Your ${about.giftName}`
  return `${pieces} for “${about.creatorName}”`
}
