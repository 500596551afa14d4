import { describe, expect, test } from 'vitest'
import { NO_RULES } from '@shared/community/viewer-rules'
import { BlockWords } from '@shared/community/block-words'
import { ViewerFilter, type OthersWord, type Shown } from './viewer-filter'

const ANN = `0x${'a1'.repeat(20)}`
const BOB = `0x${'b2'.repeat(20)}`
const thing: Shown = { subject: 'bafy1', account: ANN, channel: `chan:${ANN}/news`, text: ['A good class'] }

describe('block words', () => {
  const words = new BlockWords(['badword', 'ass', 'spam*', '坏话', 'free coins', 'good'])

  test.each([
    ['BADWORD!!', 'badword'],
    ['b a d w o r d', 'badword'],
    ['b.a.d.w.o.r.d', 'badword'],
    ['b​a​d​word', 'badword'],
    ['ｂａｄｗｏｒｄ', 'badword'],
    ['bаdwоrd', 'badword'], // Cyrillic a and o
    ['b4dw0rd', 'badword'],
    ['bádwörd', 'badword'],
    ['baaaadword', 'badword'],
    ['what a$$', 'ass'],
    ['spammers here', 'spam*'],
    ['别说坏 话了', '坏话'],
    ['get FREE  coins now', 'free coins'],
  ])('%s is found', (text, word) => expect(words.find(text)).toBe(word))

  test.each(['first class grass', 'God', 'the bad word', '好话', 'coins are free', '', '🙂🙂', 'a b c'])(
    '%s is left alone',
    (text) => expect(words.find(text)).toBeNull(),
  )

  test('a huge hostile text is answered quickly', () => {
    const began = performance.now()
    for (let i = 0; i < 10; i++) words.find('b '.repeat(1_000_000))
    words.find('̀'.repeat(1_000_000))
    expect(performance.now() - began).toBeLessThan(20_000) // 0.2 s; minutes where time grows with the square
  })
})

describe('what a person is shown', () => {
  const list: OthersWord = {
    listed: (subject) => (subject === `acct:${ANN}` ? 'bafylist' : undefined),
    labels: (subject) => (subject === 'bafy1' ? [{ label: 'nudity', by: BOB }] : []),
  }

  test('nothing is kept back from who set no rule', () => {
    expect(new ViewerFilter(NO_RULES).verdict(thing)).toEqual({ show: 'yes' })
  })

  test('a block of a person or a channel hides what is in it, and says why', () => {
    const byPerson = new ViewerFilter({ ...NO_RULES, blocked: [`acct:${ANN}`] })
    expect(byPerson.verdict(thing)).toEqual({ show: 'no', why: { because: 'blocked', subject: `acct:${ANN}` } })
    expect(byPerson.bars(ANN)).toBe(true)
    const byChannel = new ViewerFilter({ ...NO_RULES, muted: [thing.channel!] })
    expect(byChannel.verdict(thing)).toMatchObject({ show: 'no', why: { because: 'muted' } })
    expect(byChannel.bars(ANN)).toBe(false)
  })

  test('a subscribed list counts like an own block, a label as the person wishes', () => {
    expect(new ViewerFilter(NO_RULES, null, list).verdict(thing)).toMatchObject({
      show: 'no',
      why: { list: 'bafylist' },
    })
    const labels: OthersWord = { ...list, listed: () => undefined }
    expect(new ViewerFilter(NO_RULES, null, labels).verdict(thing)).toMatchObject({ show: 'blur', why: { by: BOB } })
    const strict = { ...NO_RULES, labels: { nudity: 'hide' as const } }
    expect(new ViewerFilter(strict, null, labels).verdict(thing)).toMatchObject({ show: 'no' })
    const warned = { ...thing, subject: 'bafy2', warn: ['gore'] }
    expect(new ViewerFilter(NO_RULES, null, labels).verdict(warned)).toMatchObject({ show: 'no', why: { by: ANN } })
  })

  test('nobody is kept from what they wrote themselves', () => {
    const mine = new ViewerFilter({ ...NO_RULES, blocked: [`acct:${ANN}`], blockWords: ['good'] }, ANN, list)
    expect(mine.verdict(thing)).toEqual({ show: 'yes' })
    expect(mine.bars(ANN)).toBe(false)
  })
})
