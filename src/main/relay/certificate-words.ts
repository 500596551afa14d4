/** What is wrong with a server's certificate, by the codes of Node's TLS (OpenSSL's X509_V_ERR names). */
const WORDS: Partial<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; check the clock of this computer',
  CERT_REVOKED: 'its certificate was taken back',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it made its certificate itself, so nobody vouches for it',
  SELF_SIGNED_CERT_IN_CHAIN: 'nobody whom this computer trusts vouches for its certificate',
  UNABLE_TO_GET_ISSUER_CERT: 'nobody whom this computer trusts vouches for its certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'nobody whom this computer trusts vouches for its certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'nobody whom this computer trusts vouches for its certificate',
}

/** Why a TLS server was not trusted, as the rest of a sentence about it; null: it is not about its certificate. */
export function certificateWords(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    const code = (at as NodeJS.ErrnoException).code ?? ''
    const words = WORDS[code]
    if (words !== undefined) return words
    if (/CERT|HOSTNAME_MISMATCH/.test(code)) return 'its certificate is not valid'
    if (code === 'EPROTO' || /^ERR_SSL/.test(code)) return 'it does not speak TLS there; check the port'
  }
  return null
}
