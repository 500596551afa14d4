const MARKS: readonly [at: number, mark: string, type: string][] = [
  [4, 'ftypqt', 'video/quicktime'],
  [4, 'ftypM4A', 'audio/mp4'],
  [4, 'ftyp', 'video/mp4'],
  [4, 'moov', 'video/mp4'],
  [0, '\x1a\x45\xdf\xa3', 'video/webm'],
  [0, 'OggS', 'audio/ogg'],
  [0, 'fLaC', 'audio/flac'],
  [0, 'ID3', 'audio/mpeg'],
  [8, 'WAVE', 'audio/wav'],
  [0, '\x89PNG', 'image/png'],
  [0, '\xff\xd8\xff', 'image/jpeg'],
]

/** What a file is by its first bytes (MIME sniffing standard, the media it names); `application/octet-stream` for others. */
export function mediaType(head: Uint8Array): string {
  const text = Array.from(head, (byte) => String.fromCharCode(byte)).join('')
  return MARKS.find(([at, mark]) => text.startsWith(mark, at))?.[2] ?? 'application/octet-stream'
}
