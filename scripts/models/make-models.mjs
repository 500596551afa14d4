import { parseCanonicalFace } from './canonical-face.mjs'
import { convertModel } from './convert.mjs'
import { convertKeras } from './keras.mjs'
import { modelsNotice } from './notice.mjs'
import { SOURCES } from './sources.mjs'

/**
 * Converts every model. Deterministic: the same packages give the same bytes on every machine.
 *
 * @returns {Record<string, Buffer>} file name in `resources/models` -> content
 */
export function makeModels() {
  return {
    'canonical-face.json': Buffer.from(`${JSON.stringify(parseCanonicalFace(SOURCES.canonicalFace()))}\n`),
    'face-mesh.onnx': convertModel(SOURCES.faceMesh(), 'face-mesh'),
    'face-detector-short.onnx': convertModel(SOURCES.shortRange(), 'face-detector-short'),
    'face-detector-full.onnx': convertModel(SOURCES.fullRange(), 'face-detector-full'),
    'person-mask-wide.onnx': convertModel(SOURCES.personWide(), 'person-mask-wide'),
    'person-mask-square.onnx': convertModel(SOURCES.personSquare(), 'person-mask-square'),
    'cover-check.onnx': convertKeras(SOURCES.coverModel(), SOURCES.coverWeights(), 'cover-check'),
    NOTICE: Buffer.from(modelsNotice()),
  }
}
