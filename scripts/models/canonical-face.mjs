import { protobufFields, repeatedFloats, repeatedUints } from './protobuf-reader.mjs'

/** Points of the MediaPipe face mesh without irises. */
const POINTS = 468
/** Floats of one vertex: x, y, z in centimetres, then the texture position u, v in 0..1. */
const VERTEX = 5

/**
 * Parses MediaPipe's `geometry_pipeline_metadata_landmarks.binarypb`: GeometryPipelineMetadata field 1 is the canonical
 * Mesh3d, whose fields 3 and 4 are the vertex and the index buffer
 * (mediapipe/tasks/cc/vision/face_geometry/proto/{geometry_pipeline_metadata,mesh_3d}.proto).
 *
 * @param {Buffer} bytes the file
 * @returns {{vertices: number[][], triangles: number[][]}} 468 vertices [x, y, z, u, v] (x to the left of the person,
 *   y up, z towards the camera, centimetres) and triangles of vertex indices, counter-clockwise from the front
 */
export function parseCanonicalFace(bytes) {
  const mesh = [...protobufFields(bytes)].find(({ field, wire }) => field === 1 && wire === 2)
  if (!mesh) throw new Error('canonical face: the metadata holds no mesh')
  const vertices = inRows(repeatedFloats(mesh.value, 3).map(shortest), VERTEX)
  const triangles = inRows(repeatedUints(mesh.value, 4), 3)
  if (vertices.length !== POINTS) throw new Error(`canonical face: ${vertices.length} vertices instead of ${POINTS}`)
  if (triangles.some((corners) => corners.some((index) => index >= POINTS))) {
    throw new Error('canonical face: a triangle names a vertex that does not exist')
  }
  return { vertices, triangles }
}

function inRows(values, width) {
  if (values.length % width !== 0)
    throw new Error(`canonical face: ${values.length} values do not fill rows of ${width}`)
  return Array.from({ length: values.length / width }, (_, row) => values.slice(row * width, (row + 1) * width))
}

/** The shortest decimal number that is the same 32-bit float, so that the JSON stays small and readable. */
function shortest(value) {
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits))
    if (Math.fround(candidate) === value) return candidate
  }
  return value
}
