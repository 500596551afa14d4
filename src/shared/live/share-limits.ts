/** Of a sharer's token; a real one has about 400. */
export const MAX_TOKEN_BYTES = 720
/** As text in a link: base64url without padding. */
export const MAX_TOKEN_LETTERS = Math.ceil((MAX_TOKEN_BYTES * 4) / 3)
