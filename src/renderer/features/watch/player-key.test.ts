// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { playerAction, type PlayerAction } from './player-key'

function press(key: string, target: HTMLElement = document.body, init: KeyboardEventInit = {}): PlayerAction | null {
  if (target !== document.body) document.body.append(target)
  let action: PlayerAction | null = null
  target.addEventListener('keydown', (event) => (action = playerAction(event)), { once: true })
  target.dispatchEvent(new KeyboardEvent('keydown', { key, ...init }))
  if (target !== document.body) target.remove()
  return action
}

function input(type: string): HTMLInputElement {
  const element = document.createElement('input')
  element.type = type
  return element
}

test('the keys of a player', () => {
  expect(press(' ')).toBe('toggle-play')
  expect(press('m')).toBe('toggle-mute')
  expect(press('F')).toBe('toggle-fullscreen')
  expect(press('i')).toBe('toggle-pip')
  expect(press('s')).toBe('toggle-stats')
  expect(press('ArrowUp')).toBe('volume-up')
  expect(press('ArrowLeft')).toBe('back')
  expect(press('c')).toBe('toggle-captions')
  expect(press('>', document.body, { shiftKey: true })).toBe('faster')
  expect(press('x')).toBeNull()
})

test('keys that belong to something else are left to it', () => {
  expect(press('m', document.body, { ctrlKey: true })).toBeNull()
  expect(press('m', input('text'))).toBeNull()
  expect(press(' ', document.createElement('button'))).toBeNull()
  expect(press('m', document.createElement('button'))).toBe('toggle-mute')
  expect(press('ArrowUp', input('range'))).toBeNull()
  expect(press(' ', input('range'))).toBe('toggle-play')
})
