import { beforeEach, expect, test } from 'vitest'
import {
  forgetPictureHistory,
  notePictureChange,
  redoPicture,
  rememberPart,
  undoPicture,
  usePictureHistory,
} from './picture-history'

let [beauty, look] = [0, 'none']
function change(next: { beauty?: number; look?: string }, at: number): void {
  notePictureChange(at)
  beauty = next.beauty ?? beauty
  look = next.look ?? look
}

beforeEach(() => {
  forgetPictureHistory()
  beauty = 0
  look = 'none'
  rememberPart(
    () => beauty,
    (value) => (beauty = value),
  )
  rememberPart(
    () => look,
    (value) => (look = value),
  )
})

test('a dragged slider is one step, a pause begins another, and steps go over all parts', () => {
  for (let value = 1; value <= 10; value += 1) change({ beauty: value }, 1000 + value * 16)
  change({ look: 'film' }, 5000)
  expect(usePictureHistory.getState()).toEqual({ undoable: 2, redoable: 0 })
  undoPicture()
  expect([beauty, look]).toEqual([10, 'none'])
  undoPicture()
  expect([beauty, look]).toEqual([0, 'none'])
  undoPicture()
  redoPicture()
  redoPicture()
  expect([beauty, look]).toEqual([10, 'film'])
  expect(usePictureHistory.getState()).toEqual({ undoable: 2, redoable: 0 })
})

test('a change after going back forgets what was undone', () => {
  change({ beauty: 1 }, 1000)
  change({ beauty: 2 }, 3000)
  undoPicture()
  change({ look: 'rose' }, 3100)
  expect(usePictureHistory.getState()).toEqual({ undoable: 2, redoable: 0 })
  redoPicture()
  expect([beauty, look]).toEqual([1, 'rose'])
  undoPicture()
  expect([beauty, look]).toEqual([1, 'none'])
})

test('no more than a hundred steps are kept', () => {
  for (let step = 0; step < 150; step += 1) change({ beauty: step + 1 }, step * 1000)
  for (let step = 0; step < 150; step += 1) undoPicture()
  expect(beauty).toBe(50)
})
