// The link stands behind the # of the address: the server that gave this page never sees it.
const KINDS = [
  [/^v\/b[a-z2-7]{58}(\?|$)/, 'A video of WE Studio'],
  [/^c\/0x[0-9a-f]{40}\/[a-z0-9-]{1,40}(\?|$)/, 'A channel of WE Studio'],
  [/^p\/0x[0-9a-f]{40}(\?|$)/, 'A person of WE Studio'],
  [/^l\/b[a-z2-7]{58}(\?|$)/, 'A list of WE Studio'],
  [/^[1-9A-HJ-NP-Za-km-z]{46,60}\/live\/b[a-z2-7]{58}(\?|$)/, 'A live of WE Studio'],
]

function show() {
  const path = location.hash.slice(1)
  const isClean = path.length < 2000 && /^[\w/?=&.-]+$/.test(path)
  const kind = isClean ? KINDS.find(([pattern]) => pattern.test(path)) : undefined
  const open = document.getElementById('open')
  for (const id of ['open', 'words', 'link']) document.getElementById(id).hidden = kind === undefined
  document.getElementById('title').textContent = kind?.[1] ?? 'This is no link of WE Studio'
  document.title = document.getElementById('title').textContent
  if (kind === undefined) {
    document.getElementById('facts').textContent = 'It may have been cut short on its way. Ask for it again.'
    return
  }
  open.href = `we://${path}`
  document.getElementById('link').textContent = `we://${path}`
}

addEventListener('hashchange', show)
show()
