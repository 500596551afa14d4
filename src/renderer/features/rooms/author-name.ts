/** What an account is called: its name, else the two ends of its address. */
export function authorName({ account, name }: { account: string; name: string | null }): string {
  return name === null || name.trim() === '' ? `${account.slice(0, 6)}…${account.slice(-4)}` : name
}
