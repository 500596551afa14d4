import { z } from 'zod'
import { GiftTerms } from '../gifts/gift-terms'
import { BroadcastDetails } from './broadcast-details'
import { publicKeyOfPeerId } from './peer-id-key'
import { MeshPlan } from '../mesh/mesh-plan'
import { inOrder, MAX_RENDITIONS, Rendition } from './rendition'
import { openRecord, RecordRefused, sealRecord, type Sign, type Verify } from './signed-record'

const DOMAIN = 'we-studio/show-manifest/2'
const VERSION = 2
/** Far above a real manifest (about 550 bytes); keeps a flood of listings cheap. */
export const MAX_MANIFEST_BYTES = 2048
const NONCE_BYTES = 16

/**
 * What a show is, fixed from its start to its end and signed by its broadcaster. Its CID (dag-cbor) names the show.
 * The nonce makes two shows with equal words two different shows, so that records of one never fit the other.
 */
export const ShowManifest = z.strictObject({
  v: z.literal(VERSION),
  /** Carries the Ed25519 public key inline. */
  peerId: z.string().refine((id) => publicKeyOfPeerId(id) !== null),
  title: z
    .string()
    .min(1)
    .max(120)
    .refine((title) => title === title.trim()),
  category: BroadcastDetails.shape.category,
  /** Unix milliseconds. */
  startedAt: z.int().positive(),
  width: z.int().positive().max(16_384),
  height: z.int().positive().max(16_384),
  fps: z.number().positive().max(1000),
  mimeType: z.string().regex(/^video\/mp4(; codecs="[\w.,+ -]{1,100}")?$/),
  /** What there may be at times, the source first: which of them a segment has is said by its record. */
  renditions: z.array(Rendition).min(1).max(MAX_RENDITIONS).refine(inOrder),
  /** Left out: the show travels in segments only. */
  mesh: MeshPlan.optional(),
  /** Left out: the show takes no gifts. */
  gifts: GiftTerms.optional(),
  nonce: z.instanceof(Uint8Array).refine((nonce) => nonce.length === NONCE_BYTES),
})
export type ShowManifest = z.infer<typeof ShowManifest>

/** Signs a manifest; the bytes are what travels and what its CID is taken of. Throws on a value outside the shape. */
export function sealManifest(manifest: ShowManifest, sign: Sign): Uint8Array {
  return sealRecord(DOMAIN, ShowManifest.parse(manifest), sign)
}

/** Reads and verifies the bytes of a manifest. Throws RecordRefused. */
export function openManifest(bytes: Uint8Array, verify: Verify): ShowManifest {
  const record = openRecord(DOMAIN, bytes, MAX_MANIFEST_BYTES)
  record.requireVersion(VERSION)
  const parsed = ShowManifest.safeParse(record.fields)
  if (!parsed.success) throw new RecordRefused('malformed', 'not the shape of a show manifest')
  const publicKey = publicKeyOfPeerId(parsed.data.peerId)
  if (publicKey === null) throw new RecordRefused('malformed', 'no public key in the peer id')
  record.requireSignature(publicKey, verify)
  return parsed.data
}
