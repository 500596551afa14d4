/** Shown for silence; 16 bit sound ends near -90 dBFS. */
const SILENCE_DB = -100

/** Decibels to a factor of amplitude. */
export function gainOf(db: number): number {
  return 10 ** (db / 20)
}

/** An amplitude (1 is full scale) in dBFS, rounded to a tenth; at least -100. */
export function decibelsOf(amplitude: number): number {
  return amplitude > 1e-5 ? Math.round(200 * Math.log10(amplitude)) / 10 : SILENCE_DB
}
