import { CID } from 'multiformats/cid'
import { z } from 'zod'
import { RAW_CODEC } from '@shared/live/content-cid'
import { isFileCid } from './file-node'

/** In a link; a record may name no more either. */
export const MOST_CAPTIONS = 10
/** One block, as a file of this size is published; a film's captions have about 100 KB. */
export const MOST_CAPTION_BYTES = 1024 * 1024

/** Captions of a video: a WebVTT file in one raw block. `lang`: BCP 47, empty where it is not known. */
export const FileCaption = z.strictObject({
  lang: z.string().regex(/^[a-z0-9-]{0,35}$/),
  cid: z.string().refine((text) => captionCid(text) !== null),
})
export type FileCaption = z.infer<typeof FileCaption>
export const FileCaptions = z.array(FileCaption).max(MOST_CAPTIONS)

/** Null for what is no address of captions. */
export function captionCid(text: string): CID | null {
  try {
    const cid = CID.parse(text)
    return cid.code === RAW_CODEC && isFileCid(cid) ? cid : null
  } catch {
    return null
  }
}

/** The query of a link to a video that has captions: `?captions=en:bafk…,de:bafk…`; empty where there are none. */
export function captionsQuery(captions: readonly FileCaption[]): string {
  if (captions.length === 0) return ''
  return `?captions=${captions.map(({ lang, cid }) => `${lang}:${cid}`).join(',')}`
}

/** What a link says of captions; what is not understood is left out. As with the title, whoever passed it on may have changed it. */
export function captionsInAddress(address: string): FileCaption[] {
  const [, list = ''] = /^[^#?]*\?(?:[^#]*&)?captions=([^#&]{1,1000})/.exec(address.trim()) ?? []
  const found: FileCaption[] = []
  for (const one of list.split(',').slice(0, MOST_CAPTIONS)) {
    const [lang = '', cid = ''] = one.toLowerCase().split(':')
    const read = FileCaption.safeParse({ lang, cid })
    if (read.success) found.push(read.data)
  }
  return found
}
