import { expect, it } from 'vitest'
import { FULL_CANVAS, newItem, NO_CROP } from './scene-edit'
import { itemAt, layoutItem, snapPlace } from './scene-layout'

const canvas = { width: 1280, height: 720 }
const square = { width: 400, height: 400 }

it('a picture is fitted inside, over, or bent to its place', () => {
  const request = { place: FULL_CANVAS, crop: NO_CROP, picture: square, canvas }
  expect(layoutItem({ ...request, fit: 'contain' })).toEqual({
    source: { x: 0, y: 0, width: 400, height: 400 },
    target: { x: 280, y: 0, width: 720, height: 720 },
  })
  expect(layoutItem({ ...request, fit: 'cover' })).toEqual({
    source: { x: 0, y: 87.5, width: 400, height: 225 },
    target: { x: 0, y: 0, width: 1280, height: 720 },
  })
  expect(layoutItem({ ...request, fit: 'stretch' }).target).toEqual({ x: 0, y: 0, width: 1280, height: 720 })
})

it('what is cropped away does not count for the fit', () => {
  const crop = { left: 0.25, right: 0.25, top: 0, bottom: 0 }
  const { source, target } = layoutItem({ place: FULL_CANVAS, crop, fit: 'contain', picture: square, canvas })
  expect(source).toEqual({ x: 100, y: 0, width: 200, height: 400 })
  expect(target).toEqual({ x: 460, y: 0, width: 360, height: 720 })
})

it('a click hits the front-most item that can be seen', () => {
  const back = newItem('back', '', { kind: 'demo' })
  const front = { ...back, id: 'front', place: { x: 0.5, y: 0.5, width: 0.4, height: 0.4 } }
  const scene = { id: 's', name: 'S', items: [back, front] }
  expect(itemAt(scene, 0.6, 0.6)?.id).toBe('front')
  expect(itemAt(scene, 0.1, 0.6)?.id).toBe('back')
  expect(itemAt({ ...scene, items: [back, { ...front, visible: false }] }, 0.6, 0.6)?.id).toBe('back')
  expect(itemAt({ ...scene, items: [front] }, 0.1, 0.1)).toBeNull()
})

it('dragging catches at edges and middle', () => {
  const place = { width: 0.5, height: 0.5 }
  expect(snapPlace({ ...place, x: 0.01, y: 0.49 })).toEqual({ ...place, x: 0, y: 0.5 })
  expect(snapPlace({ ...place, x: 0.26, y: 0.4 })).toEqual({ ...place, x: 0.25, y: 0.4 })
})
