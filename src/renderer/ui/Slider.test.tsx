// @vitest-environment happy-dom
import { act } from 'react'
import { useState } from 'react'
import { afterEach, expect, test } from 'vitest'
import { renderForTest } from '@/app/render-for-test'
import { Slider } from './Slider'

let page: Awaited<ReturnType<typeof renderForTest>>
afterEach(() => page.unmount())

function Smoothing({ start, disabled = false }: { start: number; disabled?: boolean }) {
  const [value, setValue] = useState(start)
  return <Slider label="Smoothing" value={value} resetTo={40} disabled={disabled} onChange={setValue} />
}

function Tone() {
  const [value, setValue] = useState(0)
  return <Slider label="Tone" value={value} ends={['cooler', 'warmer']} onChange={setValue} />
}

const input = (): HTMLInputElement => page.find<HTMLInputElement>('input[type=range]')

function key(name: string, shiftKey = false): boolean {
  const event = new KeyboardEvent('keydown', { key: name, shiftKey, bubbles: true, cancelable: true })
  act(() => void input().dispatchEvent(event))
  return event.defaultPrevented
}

test('the keyboard moves it by 1, by 10, to the ends, and never beyond', async () => {
  page = await renderForTest(<Smoothing start={95} />)
  key('ArrowRight')
  expect(input().value).toBe('96')
  key('ArrowDown')
  expect(input().value).toBe('95')
  key('ArrowRight', true)
  expect(input().value).toBe('100')
  key('PageDown')
  expect(input().value).toBe('90')
  key('Home')
  expect(input().value).toBe('0')
  key('ArrowLeft', true)
  expect(input().value).toBe('0')
  key('End')
  expect(input().value).toBe('100')
})

test('Tab and other keys are left to the browser', async () => {
  page = await renderForTest(<Smoothing start={50} />)
  expect(key('Tab')).toBe(false)
  expect(key('a')).toBe(false)
  expect(input().value).toBe('50')
})

test('a double click and Backspace go back to the first value', async () => {
  page = await renderForTest(<Smoothing start={80} />)
  key('Backspace')
  expect(input().value).toBe('40')
  key('End')
  act(() => void input().dispatchEvent(new MouseEvent('dblclick', { bubbles: true })))
  expect(input().value).toBe('40')
})

test('its name is its label, and the number is shown', async () => {
  page = await renderForTest(<Smoothing start={35} />)
  const label = page.find<HTMLLabelElement>('label', 'Smoothing')
  expect(label.htmlFor).toBe(input().id)
  expect(page.find('output').textContent).toBe('35')
})

test('one that goes both ways has its 0 in the middle, and says which way it is', async () => {
  page = await renderForTest(<Tone />)
  expect(input().getAttribute('aria-valuetext')).toBe('unchanged')
  expect(input().style.getPropertyValue('--fill-from')).toBe('50%')
  expect(input().style.getPropertyValue('--fill')).toBe('50%')
  key('Home')
  expect(input().value).toBe('-100')
  expect(input().getAttribute('aria-valuetext')).toBe('100 cooler')
  expect(page.find('output').textContent).toBe('−100')
  expect([input().style.getPropertyValue('--fill-from'), input().style.getPropertyValue('--fill')]).toEqual([
    '0%',
    '50%',
  ])
  key('Backspace')
  key('PageUp')
  expect(input().getAttribute('aria-valuetext')).toBe('10 warmer')
  expect(page.find('output').textContent).toBe('+10')
})
