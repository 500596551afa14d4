import { expect, test } from 'vitest'
import { ageWords, countWords, lengthWords } from './channel-words'
import { formProblem, type ChannelForm } from './edit-store'

test('counts, ages and lengths read as people say them', () => {
  expect([0, 1, 1_250, 2_000_000].map((count) => countWords(count, 'follower'))).toEqual([
    ...['0 followers', '1 follower', '1.3K followers', '2M followers'],
  ])
  const now = 1_700_000_000_000
  expect([now + 5_000, now - 59_000, now - 61_000, now - 90_000_000].map((t) => ageWords(t, now))).toEqual([
    ...['just now', 'just now', '1 minute ago', 'yesterday'],
  ])
  expect([6_400, 65_000, 3_723_000].map(lengthWords)).toEqual(['0:06', '1:05', '1:02:03'])
})

test('a form says what is wrong with it before anything is sent', () => {
  const form: ChannelForm = {
    ...{ name: 'Anna', handle: '', bio: '', category: 'other', rules: '', mods: '', slug: 'music' },
    ...{ links: [], sections: [], avatar: null, cover: null },
  }
  const problem = (change: Partial<ChannelForm>, isNew = false): string | null =>
    formProblem({ ...form, ...change }, isNew, ['main'])
  expect(problem({})).toBeNull()
  expect(problem({}, true)).toBeNull()
  expect(problem({ name: ' ' })).toContain('name')
  expect(problem({ handle: 'Anna Berg' })).toContain('handle')
  expect(problem({ slug: 'main' }, true)).toContain('already')
  expect(problem({ links: [{ title: 'Site', url: 'javascript:alert(1)' }] })).toContain('https://')
  expect(problem({ mods: `0x${'ab'.repeat(20)}, anna` })).toContain('moderator')
})
