import { NO_CROP } from '@shared/media/scene-edit'
import { expect, test } from 'vitest'
import { cropItem, HANDLES, movePlace, resizePlace } from './drag-place'

const PLACE = { x: 0.2, y: 0.3, width: 0.4, height: 0.2 }

function close(actual: object, expected: Record<string, number>): void {
  for (const [key, value] of Object.entries(expected)) {
    expect((actual as Record<string, number>)[key], key).toBeCloseTo(value, 6)
  }
}

test('moving snaps to the edges and the middle, with the free key it does not', () => {
  close(movePlace(PLACE, -0.193, 0), { x: 0, y: 0.3 })
  close(movePlace(PLACE, 0.105, 0.1), { x: 0.3, y: 0.4 })
  close(movePlace(PLACE, -0.193, 0, true), { x: 0.007 })
})

test('a corner keeps the shape and the opposite corner, freely it does not keep the shape', () => {
  close(resizePlace(PLACE, { x: 1, y: 1 }, 0.2, 0), { x: 0.2, y: 0.3, width: 0.6, height: 0.3 })
  close(resizePlace(PLACE, { x: -1, y: -1 }, -0.2, 0), { x: 0, y: 0.2, width: 0.6, height: 0.3 })
  close(resizePlace(PLACE, { x: 1, y: 1 }, 0.2, 0, true), { width: 0.6, height: 0.2 })
})

test('a side changes one length only, and never below the least', () => {
  close(resizePlace(PLACE, { x: 0, y: -1 }, 0.5, 0.05), { x: 0.2, y: 0.35, width: 0.4, height: 0.15 })
  for (const handle of HANDLES) {
    const { width, height } = resizePlace(PLACE, handle, -9 * handle.x, -9 * handle.y)
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(0.039)
  }
})

test('cropping a side cuts the picture and leaves the rest where it was', () => {
  const cut = cropItem({ place: PLACE, crop: NO_CROP }, { x: -1, y: 0 }, 0.1, 0)
  close(cut.place, { x: 0.3, width: 0.3, y: 0.3, height: 0.2 })
  close(cut.crop, { left: 0.25, right: 0, top: 0, bottom: 0 })
  const back = cropItem(cut, { x: -1, y: 0 }, -0.5, 0)
  close(back.place, PLACE)
  close(back.crop, NO_CROP)
})

test('something of the picture is always left', () => {
  let item = { place: PLACE, crop: NO_CROP }
  for (const x of [1, -1] as const) item = cropItem(item, { x, y: 0 }, -x * 9, 0)
  expect(item.crop.left + item.crop.right).toBeLessThanOrEqual(0.98)
  expect(item.place.width).toBeGreaterThan(0.009)
})
