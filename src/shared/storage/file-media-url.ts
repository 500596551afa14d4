/** Where the window finds a file by its CID: here, or at peers that have it. */
export function fileMediaUrl(cid: string): string {
  return `media://file/${cid}`
}
